using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Html;

/// <summary>What a run comes to, in one sentence, and what follows from it.</summary>
internal static class Verdict
{
    private const double Close = 0.85;
    private const double Far = 0.6;
    private const double SameShare = 0.02;
    private const int MostReasons = 3;

    /// <summary>The sentence.</summary>
    public static string Of(ReportRun run)
    {
        if (run.Fastest is not PointRecord best)
        {
            return run.Record.Points.Count == 0
                ? "No verdict: no configuration was measured."
                : "No verdict: no configuration is valid.";
        }

        string cost = run.CostOf(best).Cost is TokenCost known
            ? $"; a million tokens cost {Quantity.Usd(known.UsdPerMillionTokens)}"
            : "";
        string rate =
            $"{best.Weights} weights at batch {best.Batch} decode fastest, {Quantity.Digits(best.TokensPerSecond)} tokens/s{PointText.DepthNote(best)}{cost}";
        string verdict = ShareOfLimit(best) is double share
            ? $"{Distance(share)}: {rate}. That is {Quantity.RoundPercent(share)} of what {Limit(best)}{PointText.LayersNote(best)}."
            : $"{char.ToUpperInvariant(rate[0])}{rate[1..]}. How far from the limit that is cannot be said: no ceiling was measured.";
        return PointQuality.IsThrottled(best)
            ? $"{verdict} The device lowered its clocks meanwhile ({ReasonWords.OfAll(best.ThrottleReasons)}): measure it again before you rely on it."
            : verdict;
    }

    /// <summary>What the reader may do about it, each a sentence; only what the record shows.</summary>
    public static IReadOnlyList<string> Advice(ReportRun run)
    {
        if (run.Fastest is not PointRecord best)
        {
            return [];
        }

        return [.. new[] { Loss(run, best), Batch(run, best), Doubts(run), Assumed(run, best) }.OfType<string>()];
    }

    /// <summary>
    /// The share of the limit that a point reaches over the layers that were measured: the roofline's time over the measured one, each
    /// operation bound by memory or by arithmetic; without a roofline the share of the read ceiling.
    /// </summary>
    public static double? ShareOfLimit(PointRecord point) =>
        point.RooflineSeconds / point.StepSeconds.Median ?? point.MbuOfCeiling;

    private static string Distance(double share) =>
        share switch
        {
            >= Close => "Close to the limit",
            >= Far => "Some way from the limit",
            _ => "Far from the limit",
        };

    private static string Limit(PointRecord point) =>
        point.Bound == "compute" ? "the arithmetic of this device allows"
        : IsMemoryAlone(point) ? "the memory of this device allows"
        : "memory and arithmetic of this device together allow";

    /// <summary>Whether reading is all that the roofline counts: where some operations are bound by arithmetic, it counts more.</summary>
    public static bool IsMemoryAlone(PointRecord point) =>
        point.MbuOfCeiling is not double read
        || point.RooflineSeconds is not double least
        || Math.Abs((least / point.StepSeconds.Median) - read) < SameShare;

    private static string? Loss(ReportRun run, PointRecord best)
    {
        var step = StepParts.Of(run.Record, best);
        StepPart? worst = step
            .Parts.Where(part => part.MeasuredOverPredicted is not null)
            .MaxBy(part => part.Seconds - part.PredictedSeconds);
        if (worst is null || worst.MeasuredOverPredicted < 1.05)
        {
            return null;
        }

        double lost = worst.Seconds - worst.PredictedSeconds!.Value;
        return $"{worst.Name} loses most: {Quantity.Seconds(lost)} of a step of {Quantity.Seconds(step.StepSeconds)}{step.Note} beyond its "
            + $"roofline ({Quantity.Digits(worst.MeasuredOverPredicted!.Value)} times the predicted time). A better kernel there gains most.";
    }

    private static string? Batch(ReportRun run, PointRecord best)
    {
        PointRecord[] sweep =
        [
            .. run.Valid.Where(point =>
                point.Weights == best.Weights && point.Kv == best.Kv && point.Context == best.Context
            ),
        ];
        if (sweep.Length < 2 || sweep.All(point => point.Batch == best.Batch))
        {
            return "One batch was measured: --batch 1,8,32 would show what batching buys, which is usually most of the cost.";
        }

        PointRecord smallest = sweep.MinBy(point => point.Batch)!;
        return $"Batch {best.Batch} makes {Quantity.Digits(best.TokensPerSecond / smallest.TokensPerSecond)} times the tokens of batch "
            + $"{smallest.Batch} in the same time, and each user waits {Quantity.Digits(best.FullStepSeconds / smallest.FullStepSeconds)} times as long for a token.";
    }

    private static string? Doubts(ReportRun run)
    {
        PointRecord[] doubtful =
        [
            .. run.Record.Points.Where(point => point.Warnings.Count > 0 || !PointQuality.IsSound(point)),
        ];
        if (doubtful.Length == 0)
        {
            return null;
        }

        // What speaks against a point comes before what only warns of it, however often that is.
        string[] codes =
        [
            .. MostFrequent(doubtful, PointQuality.ReasonsAgainst)
                .Concat(MostFrequent(doubtful, point => point.Warnings))
                .Distinct(),
        ];
        string more = codes.Length > MostReasons ? "; and others" : "";
        return $"Of {run.Record.Points.Count} configurations, {Counts(doubtful)} "
            + $"({ReasonWords.OfAll(codes.Take(MostReasons))}{more}): measure those again before you rely on them.";
    }

    private static IEnumerable<string> MostFrequent(
        PointRecord[] points,
        Func<PointRecord, IReadOnlyList<string>> codesOf
    ) =>
        points
            .SelectMany(point => codesOf(point).Distinct())
            .CountBy(code => code)
            .OrderByDescending(pair => pair.Value)
            .Select(pair => pair.Key);

    /// <summary>How many are invalid, valid but throttled, and warned of; a point may be among the last and one of the others.</summary>
    private static string Counts(PointRecord[] points)
    {
        int invalid = points.Count(point => !point.Valid);
        int throttled = points.Count(point => point.Valid && PointQuality.IsThrottled(point));
        int warned = points.Count(point => point.Warnings.Count > 0);
        return string.Join(
            ", ",
            new[]
            {
                invalid == 0 ? null : $"{invalid} {(invalid == 1 ? "is" : "are")} invalid",
                throttled == 0 ? null : $"{throttled} {(throttled == 1 ? "was" : "were")} slowed by lowered clocks",
                warned == 0 ? null : $"{warned} {(warned == 1 ? "carries" : "carry")} a warning",
            }.OfType<string>()
        );
    }

    private static string? Assumed(ReportRun run, PointRecord best)
    {
        if (run.CostOf(best).Cost is not TokenCost cost)
        {
            return null;
        }

        string[] assumed =
        [
            .. new[]
            {
                (Figure: cost.UsdPerHour, Text: "the price (--price-per-hour)"),
                (Figure: cost.Utilization, Text: "the utilisation (--utilization)"),
            }
                .Where(one => one.Figure.Provenance.Kind == Provenance.Assumed && !UserFigure.IsGiven(one.Figure))
                .Select(one => one.Text),
        ];
        return assumed.Length == 0
            ? null
            : $"The cost rests on assumptions for {string.Join(" and ", assumed)}; give your own, or move the sliders below.";
    }
}
