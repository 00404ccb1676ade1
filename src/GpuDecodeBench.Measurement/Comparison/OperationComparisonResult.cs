namespace GpuDecodeBench.Measurement.Comparison;

/// <summary>A comparison of single operations.</summary>
/// <param name="Operations">The operations that have a counterpart in the baseline.</param>
/// <param name="WithoutCounterpart">Those that only one side timed, with its name.</param>
/// <param name="Untimed">Those whose time a side's record does not know (0 s), with its name.</param>
public sealed record OperationComparisonResult(
    IReadOnlyList<OperationComparison> Operations,
    IReadOnlyList<(string Side, OperationConditions Conditions)> WithoutCounterpart,
    IReadOnlyList<(string Side, OperationConditions Conditions)> Untimed
);
