namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>How a kernel is launched, as the driver takes it.</summary>
/// <param name="Grid">Blocks.</param>
/// <param name="Block">Threads of a block.</param>
/// <param name="DynamicSharedBytes">Dynamic shared memory of a block.</param>
/// <param name="Stream">The stream it is launched on.</param>
/// <param name="ProgrammaticStreamSerialization">
/// Whether the kernel may start before the one launched before it on the stream has ended.
/// </param>
internal readonly record struct CudaLaunchShape(
    CudaDim3 Grid,
    CudaDim3 Block,
    int DynamicSharedBytes,
    nint Stream,
    bool ProgrammaticStreamSerialization
);
