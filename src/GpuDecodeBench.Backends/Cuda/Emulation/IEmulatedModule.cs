namespace GpuDecodeBench.Backends.Cuda.Emulation;

/// <summary>Kernels that a machine has compiled.</summary>
internal interface IEmulatedModule
{
    /// <summary>The version of PTX.</summary>
    Version Version { get; }

    /// <summary>The compute capability that the PTX is for: 80 for sm_80.</summary>
    int Target { get; }

    /// <summary>The kernels by name.</summary>
    IReadOnlyDictionary<string, IEmulatedKernel> Kernels { get; }
}
