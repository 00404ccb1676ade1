namespace GpuDecodeBench.Backends.Diagnostics;

/// <summary>What keeps a device busy.</summary>
public enum LoadKind
{
    /// <summary>Reading from memory.</summary>
    Memory,

    /// <summary>FP32 multiply-adds in registers.</summary>
    Compute,
}
