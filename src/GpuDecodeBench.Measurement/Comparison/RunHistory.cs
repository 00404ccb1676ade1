using GpuDecodeBench.Measurement.Statistics;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Comparison;

/// <summary>Many runs as lines over time, one for each configuration on each device.</summary>
public static class RunHistory
{
    /// <summary>The lines, in the order of the first run that measured each.</summary>
    /// <param name="runs">The runs in any order.</param>
    public static IReadOnlyList<HistoryLine> Of(IReadOnlyList<ComparisonRun> runs)
    {
        ArgumentNullException.ThrowIfNull(runs);
        var side = new ComparisonSide(
            "",
            [.. runs.OrderBy(run => run.Record.StartedUtc).ThenBy(run => run.Name, StringComparer.Ordinal)]
        );
        return [.. ComparedPoints.Of(side).Select(Line)];
    }

    private static HistoryLine Line(ComparedPoints points)
    {
        HistoryEntry[] entries =
        [
            .. points
                .Points.Where(one => one.Point.Valid)
                .Select(one => new HistoryEntry(
                    one.Run.Name,
                    one.Run.Record.StartedUtc,
                    one.Point.StepSeconds.Median,
                    one.Point.TokensPerSecond,
                    ComparedPoints.CeilingOf(one.Run.Record, one.Point)
                )),
        ];
        double[] logs = [.. entries.Select(entry => Math.Log(entry.StepSeconds))];
        (double X, double Y)[] places =
        [
            .. entries.Select((entry, i) => ((entry.StartedUtc - entries[0].StartedUtc).TotalDays, logs[i])),
        ];
        TheilSenTrend? trend = TheilSenTrend.Of(places);
        HistoryJump[] jumps = [.. Jumps(entries, logs)];
        return new HistoryLine(
            points.Conditions,
            points.Hardware,
            points.LayersMeasured,
            points.LayersTotal,
            entries,
            points.Points.Count - entries.Length,
            trend,
            jumps,
            Find(places, trend, jumps)
        );
    }

    private static IEnumerable<HistoryJump> Jumps(HistoryEntry[] entries, double[] logs)
    {
        ChangePoint[] changes = [.. ChangePoint.All(logs)];
        for (int i = 0; i < changes.Length; i++)
        {
            int from = i == 0 ? 0 : changes[i - 1].Index;
            int to = i + 1 < changes.Length ? changes[i + 1].Index : entries.Length;
            int at = changes[i].Index;
            double ratio = Ratio(entries[from..at], entries[at..to], entry => entry.StepSeconds);
            bool hasCeilings = entries[from..to].All(entry => entry.CeilingBytesPerSecond > 0);
            if (Math.Abs(ratio - 1) >= PointJudge.SmallestRelativeChange)
            {
                yield return new HistoryJump(
                    at,
                    ratio,
                    hasCeilings
                        ? Ratio(
                            entries[from..at],
                            entries[at..to],
                            entry => entry.StepSeconds * entry.CeilingBytesPerSecond!.Value
                        )
                        : null,
                    changes[i].PValue
                );
            }
        }
    }

    private static double Ratio(HistoryEntry[] before, HistoryEntry[] after, Func<HistoryEntry, double> of) =>
        OrderStatistics.MedianOf(after.Select(of)) / OrderStatistics.MedianOf(before.Select(of));

    /// <summary>A jump raises a trend and a trend makes a change of ranks: the one of the two counts that leaves less unexplained.</summary>
    private static HistoryFinding Find((double X, double Y)[] places, TheilSenTrend? trend, HistoryJump[] jumps)
    {
        bool drifts =
            trend is { IsShown: true }
            && Math.Abs(trend.Slope * (places[^1].X - places[0].X)) >= PointJudge.SmallestRelativeChange;
        if (jumps.Length == 0)
        {
            return drifts ? HistoryFinding.Drift
                : trend?.Ci95Low is null ? HistoryFinding.TooFewRuns
                : HistoryFinding.NothingShown;
        }

        double byLine = drifts ? places.Sum(place => Math.Abs(place.Y - trend!.At(place.X))) : double.PositiveInfinity;
        return byLine < BySteps(places, jumps) ? HistoryFinding.Drift : HistoryFinding.Jump;
    }

    /// <summary>The sum of the distances from the median of each part between jumps.</summary>
    private static double BySteps((double X, double Y)[] places, HistoryJump[] jumps)
    {
        int[] ends = [.. jumps.Select(jump => jump.Index), places.Length];
        double sum = 0;
        int from = 0;
        foreach (int to in ends)
        {
            double median = OrderStatistics.MedianOf(places[from..to].Select(place => place.Y));
            sum += places[from..to].Sum(place => Math.Abs(place.Y - median));
            from = to;
        }

        return sum;
    }
}
