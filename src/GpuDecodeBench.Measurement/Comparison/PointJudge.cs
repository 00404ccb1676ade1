using GpuDecodeBench.Measurement.Statistics;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Comparison;

/// <summary>Judges one set of points against another.</summary>
internal sealed class PointJudge(ComparisonOptions options)
{
    /// <summary>Below this fraction nothing is called a difference: with many samples, intervals become narrower than what matters.</summary>
    public const double SmallestRelativeChange = Sampling.DriftCheck.SmallestRelativeChange;

    /// <summary>Judges.</summary>
    /// <param name="baseline">The baseline's points.</param>
    /// <param name="against">The other side's.</param>
    /// <param name="mayDiffer">Whether hardware, formats and layers may differ.</param>
    public PointComparison Judge(ComparedPoints baseline, ComparedPoints against, bool mayDiffer)
    {
        List<ComparisonReason> reasons = mayDiffer ? [] : [.. Comparability.Differences(baseline, against)];
        reasons.AddRange(Comparability.ModelDifference(baseline, against));
        reasons.AddRange(Comparability.MissingSteps(baseline, against));
        if (!options.IncludeInvalid)
        {
            reasons.AddRange(Comparability.Faults(baseline, against));
            // A side of several runs goes on with those that are valid.
            baseline = baseline.Usable() ?? baseline;
            against = against.Usable() ?? against;
        }

        PointComparison comparison = Describe(baseline, against) with { Reasons = reasons };
        return reasons.Count > 0 ? comparison : Compare(comparison, baseline, against);
    }

    private static PointComparison Describe(ComparedPoints baseline, ComparedPoints against) =>
        new()
        {
            Baseline = baseline.Side,
            Against = against.Side,
            BaselineConditions = baseline.Conditions,
            Conditions = against.Conditions,
            BaselineStepSeconds = baseline.MedianStepSeconds,
            StepSeconds = against.MedianStepSeconds,
            BaselineTokensPerSecond = baseline.MedianTokensPerSecond,
            TokensPerSecond = against.MedianTokensPerSecond,
            BaselineRuns = baseline.Points.Count,
            Runs = against.Points.Count,
            BaselineWarnings = baseline.Warnings,
            Warnings = against.Warnings,
            LayersMeasured = baseline.LayersMeasured == against.LayersMeasured ? against.LayersMeasured : null,
            LayersTotal = against.LayersTotal,
            CeilingRatio = CeilingRatio(baseline, against),
            Verdict = ComparisonVerdict.NotComparable,
            Reasons = [],
            Decisive = [],
        };

    private PointComparison Compare(PointComparison comparison, ComparedPoints baseline, ComparedPoints against)
    {
        RatioInterval step = StepRatio.Of(baseline, against);
        ComparisonReason? otherSoftware = Comparability.OtherSoftware(baseline, against);
        RatioInterval? equal = otherSoftware is null ? StepRatio.AtEqualCeiling(baseline, against, step) : null;
        bool bySamples = StepRatio.IsBySamples(baseline, against);
        comparison = comparison with
        {
            StepRatio = step,
            MeanRatio = StepRatio.OfMeans(baseline, against),
            RatioAtEqualCeiling = equal,
            BaselineSamples = bySamples ? Worth(baseline.Points[0].Point) : null,
            Samples = bySamples ? Worth(against.Points[0].Point) : null,
        };
        PointComparison decided = Decide(
            comparison,
            equal,
            otherSoftware ?? NoCeiling(baseline.IsMemoryBound && against.IsMemoryBound),
            Comparability.Unsteady(baseline, against),
            StepRatio.HasMovingCeiling(baseline) || StepRatio.HasMovingCeiling(against)
        );
        return MeanApart(decided) is ComparisonReason apart
            ? decided with
            {
                Reasons = [.. decided.Reasons, apart],
            }
            : decided;
    }

    /// <summary>
    /// That the mean step, which tokens per second and costs are over, changed by more than a twentieth and the median, which the verdict is
    /// on, did not; null where that is not so.
    /// </summary>
    private static ComparisonReason? MeanApart(PointComparison comparison)
    {
        const double Least = MeanStep.LargestOverMedian;
        IReadOnlyList<RatioInterval> means = comparison.DecisiveMeans;
        if (means.Count == 0)
        {
            return null;
        }

        return means.All(mean => mean.Ratio > Least) && comparison.Decisive.Any(median => median.Ratio <= Least)
                ? new(
                    ComparisonReasonCodes.MeanSlower,
                    Words("slower", "fewer", means.All(mean => mean.Ci95Low > Least))
                )
            : means.All(mean => mean.Ratio < 1 / Least) && comparison.Decisive.Any(median => median.Ratio >= 1 / Least)
                ? new(
                    ComparisonReasonCodes.MeanFaster,
                    Words("faster", "more", means.All(mean => mean.Ci95High < 1 / Least))
                )
            : null;

        static string Words(string change, string tokens, bool isSure) =>
            $"the mean step, which tokens per second and costs are over, is {change} by more than 5 %"
            + $"{(isSure ? " beyond doubt" : ", which may be chance")}, though the median is not: {tokens} tokens per second";
    }

    private PointComparison Decide(
        PointComparison comparison,
        RatioInterval? equal,
        ComparisonReason timeAlone,
        ComparisonReason? unsteady,
        bool hasMovingCeiling
    )
    {
        RatioInterval step = comparison.StepRatio!;
        RatioInterval[] decisive = (options.Yardstick, equal) switch
        {
            (Yardstick.Time, _) => [step],
            (Yardstick.Ceiling, null) => [],
            (Yardstick.Ceiling, _) => [equal],
            (_, null) => [step],
            _ => [step, equal],
        };
        List<ComparisonReason> reasons = [];
        bool isOtherSoftware = timeAlone.Code == ComparisonReasonCodes.OtherSoftware;
        if (isOtherSoftware || (equal is null && options.Yardstick != Yardstick.Time))
        {
            reasons.Add(timeAlone);
        }

        if (step.Ci95Low is null)
        {
            reasons.Add(
                new(
                    ComparisonReasonCodes.TooFewSamples,
                    $"too few samples, an interval needs {MedianRanks.SmallestCount} on each side"
                )
            );
        }
        else if (FewestEffective(comparison) is int fewest and < MedianRanks.SmallestCount)
        {
            reasons.Add(
                new(
                    ComparisonReasonCodes.Drifting,
                    $"samples hang together so much that they are worth {fewest} independent ones; the interval is their whole range"
                )
            );
        }

        if (unsteady is not null)
        {
            return comparison with
            {
                Decisive = decisive,
                Reasons = [.. reasons, unsteady],
                Verdict = ComparisonVerdict.NoDifferenceShown,
            };
        }

        ComparisonVerdict[] verdicts = [.. decisive.Select(Direction)];
        bool agree = verdicts.Length > 0 && verdicts.All(verdict => verdict == verdicts[0]);
        if (verdicts.Length == 2 && !agree)
        {
            reasons.Add(Disagreement(verdicts[0], verdicts[1], hasMovingCeiling));
        }

        return comparison with
        {
            Decisive = decisive,
            Reasons = reasons,
            Verdict = agree ? verdicts[0] : ComparisonVerdict.NoDifferenceShown,
        };
    }

    private ComparisonReason NoCeiling(bool isMemoryBound) =>
        new(
            ComparisonReasonCodes.NoCeiling,
            (isMemoryBound ? "no read ceiling to hold both against" : "memory is not the bound")
                + (options.Yardstick == Yardstick.Ceiling ? ", so nothing decides" : ", so the time alone counts")
        );

    private static ComparisonVerdict Direction(RatioInterval interval) =>
        interval.Ci95Low > 1 && interval.Ratio >= 1 + SmallestRelativeChange ? ComparisonVerdict.Slower
        : interval.Ci95High < 1 && interval.Ratio <= 1 - SmallestRelativeChange ? ComparisonVerdict.Faster
        : ComparisonVerdict.NoDifferenceShown;

    private static ComparisonReason Disagreement(
        ComparisonVerdict time,
        ComparisonVerdict equal,
        bool hasMovingCeiling
    ) =>
        (time, equal) switch
        {
            (_, ComparisonVerdict.NoDifferenceShown) => new(
                ComparisonReasonCodes.CeilingExplains,
                hasMovingCeiling
                    ? "the time differs, but the read ceiling moved by more than a tenth meanwhile, and less than that is left beside it"
                    : "the time differs, its share of the read ceiling does not: the memory was faster or slower meanwhile"
            ),
            (ComparisonVerdict.NoDifferenceShown, _) => new(
                ComparisonReasonCodes.CeilingHides,
                "the share of the read ceiling differs, the time does not"
            ),
            _ => new(
                ComparisonReasonCodes.CeilingContradicts,
                "time and share of the read ceiling differ in opposite directions"
            ),
        };

    private static int? FewestEffective(PointComparison comparison) =>
        comparison is { BaselineSamples: var (_, first), Samples: var (_, second) } ? Math.Min(first, second) : null;

    private static (int, int) Worth(PointRecord point) =>
        point.SamplesSeconds.Count == 0
            ? (0, 0)
            : (point.SamplesSeconds.Count, EffectiveSamples.Count(point.SamplesSeconds));

    private static double? CeilingRatio(ComparedPoints baseline, ComparedPoints against) =>
        baseline.Software == against.Software && baseline.Ceilings is { } first && against.Ceilings is { } second
            ? OrderStatistics.MedianOf(second) / OrderStatistics.MedianOf(first)
            : null;
}
