namespace GpuDecodeBench.Backends.Cuda;

/// <summary>What a kernel takes of a GPU, as NVIDIA's assembler says.</summary>
/// <param name="RegistersPerThread">Registers of a thread.</param>
/// <param name="LocalBytes">Local memory of a thread: registers that did not fit.</param>
/// <param name="StaticSharedBytes">Shared memory of a block that the kernel declares.</param>
internal readonly record struct KernelResources(int RegistersPerThread, int LocalBytes, int StaticSharedBytes);
