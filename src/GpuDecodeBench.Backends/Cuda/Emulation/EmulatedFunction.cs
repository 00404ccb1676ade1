namespace GpuDecodeBench.Backends.Cuda.Emulation;

/// <summary>A kernel with what it takes of the device, and what was set for it.</summary>
internal sealed class EmulatedFunction(IEmulatedKernel kernel, KernelResources resources, int maxDynamicSharedBytes)
{
    public IEmulatedKernel Kernel { get; } = kernel;

    public KernelResources Resources { get; } = resources;

    public int MaxDynamicSharedBytes { get; set; } = maxDynamicSharedBytes;

    public int Carveout { get; set; } = -1;
}
