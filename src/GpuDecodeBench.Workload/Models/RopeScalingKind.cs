namespace GpuDecodeBench.Workload.Models;

/// <summary>How rotary position embedding's frequencies are adapted to long contexts.</summary>
public enum RopeScalingKind
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Positions divided by a factor (position interpolation, arXiv 2306.15595).</summary>
    Linear,

    /// <summary>Llama 3.1's smooth scaling of low frequencies (transformers, <c>_compute_llama3_parameters</c>).</summary>
    Llama3,

    /// <summary>YaRN: low frequencies divided by the factor, high ones kept, a ramp between (arXiv 2309.00071).</summary>
    Yarn,

    /// <summary>
    /// LongRoPE: each frequency divided by a factor of its own, from one list up to the original context and from another beyond
    /// it (arXiv 2402.13753).
    /// </summary>
    LongRope,
}
