namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>What the driver's compiler of PTX is told.</summary>
/// <param name="MaxRegisters">Most registers of a thread; 0 leaves it to the compiler.</param>
/// <param name="IsVerbose">Whether the log tells of registers and spills of every kernel.</param>
/// <param name="HasLineInfo">Whether profilers are given the lines of the PTX.</param>
/// <param name="IsParallel">Whether it may work on several kernels at once, with a thread for each processor; drivers of CUDA 13.0 know this.</param>
internal readonly record struct CudaJitOptions(
    int MaxRegisters = 0,
    bool IsVerbose = false,
    bool HasLineInfo = false,
    bool IsParallel = false
);
