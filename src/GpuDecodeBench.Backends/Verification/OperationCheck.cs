using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Verification;

/// <summary>How the results of all operations of one name compared with the reference.</summary>
/// <param name="Name">The operations' name.</param>
/// <param name="Kind">What they compute.</param>
/// <param name="Operations">How many of them were checked.</param>
/// <param name="Elements">How many output elements were compared.</param>
/// <param name="WorstRelativeError">The largest error relative to the output's root mean square; infinite where an output was not written.</param>
/// <param name="Bound">The largest error that passes.</param>
/// <param name="Failure">What was wrong first, in words; null where nothing was.</param>
public sealed record OperationCheck(
    string Name,
    OperationKind Kind,
    int Operations,
    long Elements,
    double WorstRelativeError,
    double Bound,
    string? Failure
)
{
    /// <summary>Whether every comparison held.</summary>
    public bool Passed => Failure is null;
}
