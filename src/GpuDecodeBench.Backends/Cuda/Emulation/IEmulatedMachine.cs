using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Ptx;

namespace GpuDecodeBench.Backends.Cuda.Emulation;

/// <summary>Memory and kernels of a device that is computed: what <see cref="EmulatedCudaDriver"/> drives.</summary>
internal interface IEmulatedMachine
{
    /// <summary>Takes memory, of which the driver keeps account; addresses are never 0.</summary>
    ulong Allocate(long bytes, string label);

    void Free(ulong address);

    /// <exception cref="EmulatedFaultException">The range is not within an allocation.</exception>
    void Write(ulong address, ReadOnlySpan<byte> bytes);

    /// <exception cref="EmulatedFaultException">The range is not within an allocation.</exception>
    void Read(ulong address, Span<byte> bytes);

    /// <summary>Compiles PTX; null with what is wrong with it.</summary>
    IEmulatedModule? Load(string ptx, out string errors);

    /// <summary>Runs a kernel to its end.</summary>
    /// <param name="kernel">The kernel.</param>
    /// <param name="grid">Blocks.</param>
    /// <param name="block">Threads of a block.</param>
    /// <param name="dynamicSharedBytes">Dynamic shared memory of a block.</param>
    /// <param name="parameters">Its parameters as they lie in memory.</param>
    /// <param name="chain">The launches ahead of it; null on devices that run one launch after the other.</param>
    /// <param name="isProgrammatic">Whether it may begin before the launch ahead of it has ended.</param>
    /// <exception cref="EmulatedFaultException">The kernel did what it must not do.</exception>
    void Run(
        IEmulatedKernel kernel,
        CudaDim3 grid,
        CudaDim3 block,
        int dynamicSharedBytes,
        ReadOnlySpan<byte> parameters,
        LaunchChain? chain,
        bool isProgrammatic
    );
}
