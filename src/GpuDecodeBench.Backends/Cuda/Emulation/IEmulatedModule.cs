namespace GpuDecodeBench.Backends.Cuda.Emulation;

/// <summary>Kernels that a machine has compiled.</summary>
internal interface IEmulatedModule
{
    /// <summary>The version of PTX.</summary>
    Version Version { get; }

    /// <summary>The compute capability that the PTX is for: 80 for sm_80.</summary>
    int Target { get; }

    /// <summary>Whether the PTX is for that compute capability alone, as sm_90a is, rather than for it and newer ones.</summary>
    bool IsForTargetAlone { get; }

    /// <summary>The kernels by name.</summary>
    IReadOnlyDictionary<string, IEmulatedKernel> Kernels { get; }
}
