using GpuDecodeBench.Backends.Cuda.Driver;

namespace GpuDecodeBench.Backends.Cuda.Emulation;

/// <summary>A fault that is to happen.</summary>
/// <param name="Kernel">The kernel.</param>
/// <param name="Launch">At which of its launches, counted from 1.</param>
/// <param name="Result">The code.</param>
/// <param name="Detail">What is known of it.</param>
internal sealed record EmulatedKernelFault(
    string Kernel,
    int Launch = 1,
    CudaResult Result = CudaResult.IllegalAddress,
    string Detail = "a fault that was asked for"
);
