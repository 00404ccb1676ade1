namespace GpuDecodeBench.Workload.Formats;

/// <summary>How a backend keeps activations between operations.</summary>
public enum ActivationFormat
{
    /// <summary>IEEE 754 binary32: the CPU backend and the reference.</summary>
    Fp32,

    /// <summary>IEEE 754 binary16.</summary>
    Fp16,

    /// <summary>bfloat16.</summary>
    Bf16,
}
