using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cuda.Tuning;

/// <summary>Decides which way of launching an operation is taken.</summary>
internal interface IKernelChoices
{
    /// <summary>One of several ways.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="kind">What sort of choice it is: <c>linear</c>, <c>attention</c>.</param>
    /// <param name="shape">What decides which way is fastest.</param>
    /// <param name="candidates">The ways, the guess first; each says in its text all that it decides.</param>
    T Choose<T>(PlanOperation operation, string kind, string shape, IReadOnlyList<T> candidates)
        where T : struct;
}
