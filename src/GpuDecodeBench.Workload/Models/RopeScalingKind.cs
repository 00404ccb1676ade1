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
}
