using GpuDecodeBench.Measurement.Runs;
using GpuDecodeBench.Measurement.Statistics;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Comparison;

/// <summary>
/// Sets the operations of run records side by side, one execution each. Points that are no step for timing operations alone take
/// part (<see cref="PointCodes.OperationsOnly"/>): they are what peers of single operations write.
/// </summary>
public static class OperationComparer
{
    /// <summary>Compares each side with the baseline; other hardware is left out unless the options ask for it.</summary>
    /// <param name="baseline">The baseline.</param>
    /// <param name="others">The other sides.</param>
    /// <param name="options">How; the yardstick means nothing here.</param>
    public static IReadOnlyList<OperationComparison> Compare(
        ComparisonSide baseline,
        IReadOnlyList<ComparisonSide> others,
        ComparisonOptions options
    )
    {
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(others);
        ArgumentNullException.ThrowIfNull(options);
        IReadOnlyList<Timed> first = Executions(baseline, options);
        var comparisons = new List<OperationComparison>();
        foreach (ComparisonSide other in others)
        {
            comparisons.AddRange(
                Executions(other, options)
                    .GroupBy(timed => (timed.Conditions, timed.Hardware))
                    .Select(group =>
                        Compare(
                            other.Name,
                            [
                                .. first.Where(timed =>
                                    timed.Conditions == group.Key.Conditions
                                    && (options.Across || timed.Hardware == group.Key.Hardware)
                                ),
                            ],
                            [.. group]
                        )
                    )
                    .OfType<OperationComparison>()
            );
        }

        return comparisons;
    }

    private static OperationComparison? Compare(string against, Timed[] baseline, Timed[] now) =>
        baseline.Length == 0
            ? null
            : new OperationComparison(
                against,
                now[0].Conditions,
                OrderStatistics.MedianOf(baseline.Select(timed => timed.Seconds)),
                OrderStatistics.MedianOf(now.Select(timed => timed.Seconds)),
                OrderStatistics.MedianOf(baseline.Select(timed => timed.Bytes)),
                OrderStatistics.MedianOf(now.Select(timed => timed.Bytes))
            );

    private static IReadOnlyList<Timed> Executions(ComparisonSide side, ComparisonOptions options) =>
        [
            .. from run in side.Runs
            from point in run.Record.Points
            where options.IncludeInvalid || point.InvalidReasons.All(code => code == PointCodes.OperationsOnly)
            from operation in point.Operations
            where operation.Seconds > 0
            select new Timed(
                OperationConditions.Of(run.Record, point, operation),
                ComparedPoints.HardwareOf(run.Record),
                operation.Seconds / operation.Count,
                (double)(operation.WeightReadBytes + operation.KvReadBytes) / operation.Count
            ),
        ];

    private sealed record Timed(OperationConditions Conditions, string Hardware, double Seconds, double Bytes);
}
