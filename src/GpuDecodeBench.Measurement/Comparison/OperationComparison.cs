namespace GpuDecodeBench.Measurement.Comparison;

/// <summary>One execution of an operation on one side beside the baseline's. Records hold no samples of operations, so there is no interval.</summary>
/// <param name="Against">What this side is called.</param>
/// <param name="Conditions">What the operation was asked to do.</param>
/// <param name="BaselineSeconds">The time of one execution in the baseline, in seconds; of several points the middle one.</param>
/// <param name="Seconds">The same of this side.</param>
/// <param name="BaselineCompulsoryBytes">Bytes of weights and KV that one execution reads in the baseline.</param>
/// <param name="CompulsoryBytes">The same of this side, whose layout may be another.</param>
public sealed record OperationComparison(
    string Against,
    OperationConditions Conditions,
    double BaselineSeconds,
    double Seconds,
    double BaselineCompulsoryBytes,
    double CompulsoryBytes
)
{
    /// <summary>The codes of what the baseline's points warn of.</summary>
    public IReadOnlyList<string> BaselineWarnings { get; init; } = [];

    /// <summary>The same of this side.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>This side's time over the baseline's: above 1 is slower.</summary>
    public double Ratio => Seconds / BaselineSeconds;
}
