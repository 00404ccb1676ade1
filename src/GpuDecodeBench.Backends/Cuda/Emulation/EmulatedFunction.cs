namespace GpuDecodeBench.Backends.Cuda.Emulation;

/// <summary>A kernel with what was set for it.</summary>
internal sealed class EmulatedFunction(IEmulatedKernel kernel, int maxDynamicSharedBytes)
{
    public IEmulatedKernel Kernel { get; } = kernel;

    public int MaxDynamicSharedBytes { get; set; } = maxDynamicSharedBytes;

    public int Carveout { get; set; } = -1;
}
