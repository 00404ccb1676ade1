using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Backends.Cuda.Tuning;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Tests.Cuda.Traffic;

/// <summary>One way of launching the products of an operation, whether or not it is a candidate; the guess for all others.</summary>
/// <param name="operation">The operation's name; null for every product.</param>
/// <param name="choice">The way.</param>
internal sealed class ForcedLinear(string? operation, LinearChoice choice) : IKernelChoices
{
    public T Choose<T>(PlanOperation chosen, string kind, string shape, IReadOnlyList<T> candidates)
        where T : struct =>
        kind == "linear" && (operation is null || chosen.Name == operation) ? (T)(object)choice : candidates[0];
}
