namespace GpuDecodeBench.Backends.Cuda.Driver;

/// <summary>What the driver's compiler of PTX said, each empty when it said nothing.</summary>
internal readonly record struct CudaJitLog(string Information, string Errors);
