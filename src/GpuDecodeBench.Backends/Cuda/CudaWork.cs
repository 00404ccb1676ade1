using System.Runtime.InteropServices;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>One launch of a kernel as a part of an operation.</summary>
/// <param name="Operation">The operation.</param>
/// <param name="Launch">The kernel and its shape.</param>
/// <param name="Arguments">Its one parameter.</param>
internal sealed record CudaWork(PlanOperation Operation, CudaLaunch Launch, byte[] Arguments)
{
    /// <summary>What it is, for errors.</summary>
    public string What => Operation.Layer is int layer ? $"{Operation.Name} of layer {layer}" : Operation.Name;

    /// <summary>A launch with its arguments.</summary>
    public static CudaWork Of<T>(PlanOperation operation, in CudaLaunch launch, in T arguments)
        where T : unmanaged =>
        new(operation, launch, MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in arguments)).ToArray());
}
