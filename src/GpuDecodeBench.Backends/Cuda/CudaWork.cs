using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GpuDecodeBench.Backends.Cuda.Driver;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cuda;

/// <summary>One launch of a kernel: a part of an operation, all of it, or several that follow one another.</summary>
/// <param name="Operations">The operations, in the plan's order.</param>
/// <param name="Launch">The kernel and its shape.</param>
/// <param name="Arguments">Its one parameter.</param>
internal sealed record CudaWork(ImmutableArray<PlanOperation> Operations, CudaLaunch Launch, byte[] Arguments)
{
    /// <summary>The parameter where operations are shown: that of a timed launch, and where to leave what it keeps to itself.</summary>
    public byte[] TracedArguments { get; init; } = Arguments;

    /// <summary>What a later operation of the launch overwrites, kept by a traced one; null where there is nothing.</summary>
    public CudaTap? Tap { get; init; }

    /// <summary>What it is, for errors.</summary>
    public string What
    {
        get
        {
            string names = string.Join(" and ", Operations.Select(operation => operation.Name));
            return Operations[0].Layer is int layer ? $"{names} of layer {layer}" : names;
        }
    }

    /// <summary>A launch with its arguments.</summary>
    public static CudaWork Of<T>(PlanOperation operation, in CudaLaunch launch, in T arguments)
        where T : unmanaged => new([operation], launch, Bytes(arguments));

    /// <summary>A launch of several operations.</summary>
    /// <param name="operations">The operations.</param>
    /// <param name="launch">The kernel.</param>
    /// <param name="arguments">Of timed launches.</param>
    /// <param name="traced">Of traced launches.</param>
    public static CudaWork Of<T>(
        ReadOnlySpan<PlanOperation> operations,
        in CudaLaunch launch,
        in T arguments,
        in T traced
    )
        where T : unmanaged => new([.. operations], launch, Bytes(arguments)) { TracedArguments = Bytes(traced) };

    private static byte[] Bytes<T>(in T arguments)
        where T : unmanaged => MemoryMarshal.AsBytes(new ReadOnlySpan<T>(in arguments)).ToArray();
}
