using System.Text.Json;
using GpuDecodeBench.Measurement.Comparison;
using GpuDecodeBench.Measurement.Statistics;
using GpuDecodeBench.Reporting;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>Comparisons and histories as rows of their tables.</summary>
internal static class ComparisonRows
{
    public static ComparisonRow Of(PointComparison point)
    {
        ComparedConditions conditions = point.Conditions;
        return new()
        {
            Against = point.Against,
            Model = conditions.Model,
            Weights = conditions.Weights,
            LmHead = conditions.LmHead,
            Kv = conditions.Kv,
            KvBlockTokens = conditions.KvBlockTokens,
            Batch = conditions.Batch,
            Context = conditions.Context,
            TensorParallel = conditions.TensorParallel,
            BaselineFormats = conditions == point.BaselineConditions ? null : Formats(point.BaselineConditions),
            LayersMeasured = point.LayersMeasured,
            LayersTotal = point.LayersTotal,
            BaselineStepSeconds = point.BaselineStepSeconds,
            StepSeconds = point.StepSeconds,
            BaselineTokensPerSecond = point.BaselineTokensPerSecond,
            TokensPerSecond = point.TokensPerSecond,
            BaselineRuns = point.BaselineRuns,
            Runs = point.Runs,
            BaselineWarnings = point.BaselineWarnings,
            Warnings = point.Warnings,
            BaselineEffectiveSamples = point.BaselineSamples?.Effective,
            EffectiveSamples = point.Samples?.Effective,
            Step = Text(point.StepRatio),
            MeanStep = Text(point.MeanRatio),
            CeilingRatio = point.CeilingRatio,
            AtEqualCeiling = Text(point.RatioAtEqualCeiling),
            Verdict = Name(point.Verdict),
            ReasonCodes = [.. point.Reasons.Select(reason => reason.Code)],
            Reasons = [.. point.Reasons.Select(InWords)],
        };
    }

    public static OperationComparisonRow Of(OperationComparison operation) =>
        new()
        {
            Against = operation.Against,
            Model = operation.Conditions.Model,
            Operation = operation.Conditions.Operation,
            Format = operation.Conditions.Format,
            Batch = operation.Conditions.Batch,
            Context = operation.Conditions.Context,
            BaselineWarnings = operation.BaselineWarnings,
            Warnings = operation.Warnings,
            BaselineSeconds = operation.BaselineSeconds,
            Seconds = operation.Seconds,
            BaselineCompulsoryBytes = operation.BaselineCompulsoryBytes,
            CompulsoryBytes = operation.CompulsoryBytes,
        };

    public static HistoryRow Of(HistoryLine line) =>
        new()
        {
            Hardware = line.Hardware,
            Model = line.Conditions.Model,
            Weights = line.Conditions.Weights,
            Kv = line.Conditions.Kv,
            Batch = line.Conditions.Batch,
            Context = line.Conditions.Context,
            LayersMeasured = line.LayersMeasured,
            LayersTotal = line.LayersTotal,
            StartedUtc = [.. line.Entries.Select(entry => entry.StartedUtc)],
            StepSeconds = [.. line.Entries.Select(entry => entry.StepSeconds)],
            InvalidRuns = line.InvalidRuns,
            Days = line.Days,
            Trend = line.TrendRatio is double ratio
                ? new RatioText(ratio, line.TrendRatioCi95Low, line.TrendRatioCi95High)
                : null,
            Jumps = [.. line.Jumps.Select(jump => Text(line, jump))],
            Finding = Name(line.Finding),
        };

    /// <summary>What is to be said of lines beside their figures.</summary>
    /// <param name="lines">The lines that are shown.</param>
    /// <param name="all">All lines, those of a single run among them.</param>
    public static IEnumerable<string> Notes(IReadOnlyList<HistoryLine> lines, IReadOnlyList<HistoryLine> all)
    {
        if (all.Count > lines.Count)
        {
            yield return $"Left out: {all.Count - lines.Count} measured validly only once or never.";
        }

        if (lines.Any(line => line.Finding == HistoryFinding.TooFewRuns))
        {
            yield return $"Too few runs: a trend's interval needs {SmallestTrendCount}, a jump {ChangePoint.SmallestCount}.";
        }

        int invalid = all.Sum(line => line.InvalidRuns);
        if (invalid > 0)
        {
            yield return $"{invalid} invalid {(invalid == 1 ? "point is" : "points are")} left out.";
        }
    }

    /// <summary>The fewest values of which a slope's interval leaves a pair out on either side: C = 10.4 of N = 15 pairs.</summary>
    private const int SmallestTrendCount = 6;

    private static string InWords(ComparisonReason reason) =>
        reason.Of is { Count: > 0 } codes ? $"{reason.Detail} ({ReasonWords.OfAll(codes)})" : reason.Detail;

    private static string Text(HistoryLine line, HistoryJump jump)
    {
        HistoryEntry first = line.Entries[jump.Index];
        string equal = jump.RatioAtEqualCeiling is double ratio
            ? $", {RatioText.Change(ratio)} % at equal read ceiling"
            : "";
        return $"Jump at {first.StartedUtc:yyyy-MM-dd HH:mm} ({first.Name}): {RatioText.Change(jump.Ratio)} % of the step's time{equal}; "
            + $"{line.Conditions}; chance alone: {jump.PValue * 100:0.##} %.";
    }

    private static string Formats(ComparedConditions conditions) =>
        $"{conditions.Weights} weights, {conditions.LmHead} LM head, {conditions.Kv} KV in blocks of {conditions.KvBlockTokens}";

    private static RatioText? Text(RatioInterval? interval) =>
        interval is null ? null : new RatioText(interval.Ratio, interval.Ci95Low, interval.Ci95High);

    private static string Name<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
