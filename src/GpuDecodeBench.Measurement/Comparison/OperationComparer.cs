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
    public static OperationComparisonResult Compare(
        ComparisonSide baseline,
        IReadOnlyList<ComparisonSide> others,
        ComparisonOptions options
    )
    {
        ArgumentNullException.ThrowIfNull(baseline);
        ArgumentNullException.ThrowIfNull(others);
        ArgumentNullException.ThrowIfNull(options);
        Timed[] all = Executions(baseline, options);
        Timed[] first = [.. all.Where(timed => timed.Seconds is not null)];
        var comparisons = new List<OperationComparison>();
        var alone = new List<(string, OperationConditions)>();
        var untimed = new List<(string, OperationConditions)>(Untimed(baseline.Name, all));
        var met = new HashSet<OperationConditions>();
        foreach (ComparisonSide other in others)
        {
            Timed[] second = Executions(other, options);
            untimed.AddRange(Untimed(other.Name, second));
            foreach (
                var group in second
                    .Where(timed => timed.Seconds is not null)
                    .GroupBy(timed => (timed.Conditions, timed.Hardware))
            )
            {
                Timed[] partners =
                [
                    .. first.Where(timed =>
                        timed.Conditions == group.Key.Conditions
                        && (options.Across || timed.Hardware == group.Key.Hardware)
                    ),
                ];
                if (partners.Length == 0)
                {
                    alone.Add((other.Name, group.Key.Conditions));
                    continue;
                }

                met.Add(group.Key.Conditions);
                comparisons.Add(Compare(other.Name, partners, [.. group]));
            }
        }

        alone.InsertRange(
            0,
            first
                .Select(timed => timed.Conditions)
                .Where(conditions => !met.Contains(conditions))
                .Distinct()
                .Select(conditions => (baseline.Name, conditions))
        );
        return new OperationComparisonResult(comparisons, alone, untimed);
    }

    private static OperationComparison Compare(string against, Timed[] baseline, Timed[] now) =>
        new(
            against,
            now[0].Conditions,
            OrderStatistics.MedianOf(baseline.Select(timed => timed.Seconds!.Value)),
            OrderStatistics.MedianOf(now.Select(timed => timed.Seconds!.Value)),
            OrderStatistics.MedianOf(baseline.Select(timed => timed.Bytes)),
            OrderStatistics.MedianOf(now.Select(timed => timed.Bytes))
        )
        {
            BaselineWarnings = [.. baseline.SelectMany(timed => timed.Warnings).Distinct()],
            Warnings = [.. now.SelectMany(timed => timed.Warnings).Distinct()],
        };

    /// <summary>The operations of a side that have no time in any of its points.</summary>
    private static IEnumerable<(string, OperationConditions)> Untimed(string side, IEnumerable<Timed> all) =>
        all.GroupBy(timed => timed.Conditions)
            .Where(group => group.All(timed => timed.Seconds is null))
            .Select(group => (side, group.Key));

    private static Timed[] Executions(ComparisonSide side, ComparisonOptions options) =>
        [
            .. from run in side.Runs
            from point in run.Record.Points
            where options.IncludeInvalid || point.InvalidReasons.All(code => code == PointCodes.OperationsOnly)
            from operation in point.Operations
            select new Timed(
                OperationConditions.Of(run.Record, point, operation),
                ComparedPoints.HardwareOf(run.Record),
                operation.Seconds / operation.Count,
                (double)(operation.WeightReadBytes + operation.KvReadBytes) / operation.Count,
                point.Warnings
            ),
        ];

    private sealed record Timed(
        OperationConditions Conditions,
        string Hardware,
        double? Seconds,
        double Bytes,
        IReadOnlyList<string> Warnings
    );
}
