using GpuDecodeBench.Measurement.Runs;
using GpuDecodeBench.Measurement.Statistics;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Comparison;

/// <summary>The ratio of two sets' step times, by the best that their records hold.</summary>
internal static class StepRatio
{
    /// <summary>Whether samples are compared; otherwise runs, or estimates for all layers.</summary>
    public static bool IsBySamples(ComparedPoints baseline, ComparedPoints against) =>
        baseline.Points.Count == 1 && against.Points.Count == 1 && baseline.LayersMeasured == against.LayersMeasured;

    /// <summary>
    /// Samples of one run each: <see cref="RatioInterval.BetweenSeries"/>. Several runs: <see cref="RunRatio"/>. Other layers
    /// measured: the estimates for all layers.
    /// </summary>
    public static RatioInterval Of(ComparedPoints baseline, ComparedPoints against)
    {
        bool sameLayers = baseline.LayersMeasured == against.LayersMeasured;
        if (baseline.Points.Count > 1 || against.Points.Count > 1)
        {
            return sameLayers
                ? RunRatio.Between(against.StepSeconds, baseline.StepSeconds)
                : RunRatio.Between(FullSteps(against), FullSteps(baseline));
        }

        PointRecord first = baseline.Points[0].Point;
        PointRecord second = against.Points[0].Point;
        if (!sameLayers)
        {
            return OfEstimates(first, second);
        }

        return first.SamplesSeconds.Count == 0 || second.SamplesSeconds.Count == 0
            ? new RatioInterval(second.StepSeconds.Median / first.StepSeconds.Median, null, null, 0)
            : RatioInterval.BetweenSeries(second.SamplesSeconds, first.SamplesSeconds);
    }

    /// <summary>
    /// The ratio of the whole model's mean steps, over which tokens per second and costs are. Samples of one run each: <see cref="MeanRatio"/>.
    /// Several runs: <see cref="RunRatio"/>. Other layers measured: without an interval.
    /// </summary>
    public static RatioInterval OfMeans(ComparedPoints baseline, ComparedPoints against)
    {
        double[] first = [.. baseline.Points.Select(one => one.Point.MeanFullStepSeconds)];
        double[] second = [.. against.Points.Select(one => one.Point.MeanFullStepSeconds)];
        return !IsBySamples(baseline, against) && first.Length + second.Length > 2 ? RunRatio.Between(second, first)
            : IsBySamples(baseline, against)
                ? MeanRatio.Around(
                    second[0] / first[0],
                    against.Points[0].Point.SamplesSeconds,
                    baseline.Points[0].Point.SamplesSeconds
                )
            : new RatioInterval(second[0] / first[0], null, null, 0);
    }

    /// <summary>The same of times multiplied by the read ceiling beside them; null where there is no such yardstick.</summary>
    public static RatioInterval? AtEqualCeiling(ComparedPoints baseline, ComparedPoints against, RatioInterval step)
    {
        if (
            baseline.Ceilings is not { } first
            || against.Ceilings is not { } second
            || !baseline.IsMemoryBound
            || !against.IsMemoryBound
        )
        {
            return null;
        }

        bool sameLayers = baseline.LayersMeasured == against.LayersMeasured;
        if (baseline.Points.Count > 1 || against.Points.Count > 1)
        {
            return RunRatio.Between(
                [.. (sameLayers ? against.StepSeconds : FullSteps(against)).Zip(second, (s, c) => s * c)],
                [.. (sameLayers ? baseline.StepSeconds : FullSteps(baseline)).Zip(first, (s, c) => s * c)]
            );
        }

        double ceilings = second[0] / first[0];
        double ratio = step.Ratio * ceilings;
        // The record's own share of the ceiling, turn by turn, is a second estimate of the same where the bytes are the same.
        double byTurns =
            sameLayers
            && baseline.Points[0].Point is { MbuOfCeiling: > 0 and var firstShare } before
            && against.Points[0].Point is { MbuOfCeiling: > 0 and var secondShare } after
            && before.WeightReadBytes + before.KvReadBytes == after.WeightReadBytes + after.KvReadBytes
                ? firstShare / secondShare
                : ratio;
        double doubt = 1 + (HasMovingCeiling(baseline) || HasMovingCeiling(against) ? TurnBandwidth.SteadySpread : 0);
        return new RatioInterval(
            ratio,
            step.Ci95Low is double low ? Math.Min(low * ceilings, byTurns) / doubt : null,
            step.Ci95High is double high ? Math.Max(high * ceilings, byTurns) * doubt : null,
            step.Seed
        );
    }

    /// <summary>A yardstick that moved by more than a tenth meanwhile shows no difference below a tenth.</summary>
    public static bool HasMovingCeiling(ComparedPoints side) =>
        side.Points.Any(one => one.Point.Warnings.Contains(PointCodes.CeilingMoved));

    private static double[] FullSteps(ComparedPoints side) => [.. side.Points.Select(one => one.Point.FullStepSeconds)];

    /// <summary>Estimates for all layers with their own intervals, whose widths add in squares on a logarithmic scale.</summary>
    private static RatioInterval OfEstimates(PointRecord first, PointRecord second)
    {
        double ratio = second.FullStepSeconds / first.FullStepSeconds;
        if (
            first is not { FullStepCi95Low: double firstLow, FullStepCi95High: double firstHigh }
            || second is not { FullStepCi95Low: double secondLow, FullStepCi95High: double secondHigh }
        )
        {
            return new RatioInterval(ratio, null, null, 0);
        }

        double below = Math.Sqrt(
            Square(Math.Log(second.FullStepSeconds / secondLow)) + Square(Math.Log(firstHigh / first.FullStepSeconds))
        );
        double above = Math.Sqrt(
            Square(Math.Log(secondHigh / second.FullStepSeconds)) + Square(Math.Log(first.FullStepSeconds / firstLow))
        );
        return new RatioInterval(ratio, ratio * Math.Exp(-below), ratio * Math.Exp(above), 0);
    }

    private static double Square(double value) => value * value;
}
