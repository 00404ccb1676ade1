using GpuDecodeBench.Measurement.Comparison;
using GpuDecodeBench.Measurement.Statistics;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Tests.Comparison;

/// <summary>Slow steps that leave the median where it is: tokens per second and costs are over the mean step.</summary>
public class MeanStepComparisonTests
{
    [Fact]
    public void SlowStepsThatTheMedianDoesNotSeeAreSaidAndFailACheck()
    {
        PointComparison point = Compare(slow: 5, by: 3);
        Assert.Equal(ComparisonVerdict.NoDifferenceShown, point.Verdict);
        Assert.InRange(point.StepRatio!.Ratio, 0.99, 1.01);
        Assert.InRange(point.MeanRatio!.Ratio, 1.38, 1.42);
        Assert.Equal(1 / point.TokensPerSecondRatio, point.MeanRatio.Ratio, 1e-9);
        ComparisonReason reason = Assert.Single(point.Reasons);
        Assert.Equal(ComparisonReasonCodes.MeanSlower, reason.Code);
        Assert.Contains("fewer tokens per second", reason.Detail, StringComparison.Ordinal);
        Assert.False(point.IsSlowerBeyond(0.05));
        Assert.True(point.IsMeanSlowerBeyond(0.05));
        Assert.False(point.IsMeanSlowerBeyond(0.35));
        Assert.True(point.SeemsMeanSlowerBy(0.35));
    }

    [Fact]
    public void OneSlowStepMayBeChanceAndSaysSo()
    {
        PointComparison point = Compare(slow: 40, by: 5);
        Assert.InRange(point.MeanRatio!.Ratio, 1.09, 1.11);
        Assert.Contains("which may be chance", Assert.Single(point.Reasons).Detail, StringComparison.Ordinal);
        Assert.False(point.IsMeanSlowerBeyond(0.05));
        Assert.True(point.SeemsMeanSlowerBy(0.05));
    }

    [Fact]
    public void SlowStepsThatAreGoneAreSaidToo()
    {
        PointComparison point = ComparedRuns.Compare(
            ComparedRuns.Side("a", WithSlowSteps(1, 5, 2)),
            ComparedRuns.Side("b", ComparedRuns.Point(0.004, 2))
        );
        Assert.Equal(ComparisonReasonCodes.MeanFaster, Assert.Single(point.Reasons).Code);
        Assert.False(point.SeemsMeanSlowerBy(0));
    }

    [Fact]
    public void ASlowerMachineIsNoSlowerMeanStepEither()
    {
        PointComparison point = ComparedRuns.Compare(
            ComparedRuns.Side("a", ComparedRuns.Point(0.004, 1)),
            ComparedRuns.Side("b", ComparedRuns.Point(0.004 / 0.9, 2, ComparedRuns.Ceiling * 0.9))
        );
        Assert.Equal(ComparisonReasonCodes.CeilingExplains, Assert.Single(point.Reasons).Code);
        Assert.InRange(point.MeanRatio!.Ratio, 1.1, 1.12);
        Assert.False(point.SeemsMeanSlowerBy(0.05));
    }

    [Fact]
    public void OfSeveralRunsEachMeanIsOneValue()
    {
        PointComparison point = ComparedRuns.Compare(
            ComparedRuns.Runs("a", [.. Enumerable.Range(1, 4).Select(seed => ComparedRuns.Point(0.004, seed))]),
            ComparedRuns.Runs("b", [.. Enumerable.Range(5, 4).Select(seed => WithSlowSteps(seed, 5, 2))])
        );
        Assert.Equal(ComparisonVerdict.NoDifferenceShown, point.Verdict);
        Assert.True(point.IsMeanSlowerBeyond(0.1));
    }

    [Fact]
    public void ARateOverTheMedianIsNoChangeAgainstOneOverTheMean()
    {
        PointRecord now = WithSlowSteps(1, 5, 2);
        PointRecord old = now with { RecordedTokensPerSecond = now.Batch / now.FullStepSeconds };
        PointComparison point = ComparedRuns.Compare(ComparedRuns.Side("a", old), ComparedRuns.Side("b", now));
        Assert.Equal(1, point.TokensPerSecondRatio, 1e-9);
        Assert.Empty(point.Reasons);
    }

    [Fact]
    public void AMeansIntervalNeedsSixIndependentSamplesAndIsAsWideAsTheyAllow()
    {
        double[] few = [1, 1, 1, 1, 2];
        Assert.Null(MeanRatio.Around(1.2, few, few).Ci95Low);
        double[] steady = new Random(1).Steady(400, 1, 0.1);
        double[] other = new Random(2).Steady(400, 1, 0.1);
        RatioInterval interval = MeanRatio.Around(1, steady, other);
        // 1.96 × 0.1 × sqrt(2 / 400) = 1.4 %.
        Assert.InRange(interval.Ci95High!.Value - 1, 0.011, 0.018);
    }

    private static PointComparison Compare(int slow, double by) =>
        ComparedRuns.Compare(
            ComparedRuns.Side("a", ComparedRuns.Point(0.004, 1)),
            ComparedRuns.Side("b", WithSlowSteps(2, slow, by))
        );

    /// <summary>A point of which every so many steps takes longer by a factor; its median stays.</summary>
    private static PointRecord WithSlowSteps(int seed, int every, double factor)
    {
        PointRecord point = ComparedRuns.Point(0.004, seed);
        double median = point.StepSeconds.Median;
        // Slow ones in place of samples above the median, so that it stays where it is.
        int[] above = [.. Enumerable.Range(0, 40).Where(i => point.SamplesSeconds[i] > median)];
        double[] samples = [.. point.SamplesSeconds];
        foreach (int i in above.Take(40 / every))
        {
            samples[i] = median * factor;
        }

        var random = new Random(seed);
        random.Shuffle(samples);
        double mean = samples.Average();
        return point with
        {
            SamplesSeconds = samples,
            StepSeconds = point.StepSeconds with { Mean = mean },
            RecordedTokensPerSecond = point.Batch / mean,
        };
    }
}
