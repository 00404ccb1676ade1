namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>A kernel and the shape it is launched in.</summary>
/// <param name="Function">The kernel.</param>
/// <param name="Grid">Blocks.</param>
/// <param name="Block">Threads of a block.</param>
/// <param name="DynamicSharedBytes">Dynamic shared memory of a block.</param>
/// <param name="ProgrammaticDependent">
/// Whether the kernel may start before the one before it has ended; left out below compute capability 9.0, which lacks it and
/// runs one after the other, so that the results are the same.
/// </param>
internal readonly record struct CudaLaunch(
    CudaFunction Function,
    CudaDim3 Grid,
    CudaDim3 Block,
    int DynamicSharedBytes = 0,
    bool ProgrammaticDependent = false
);
