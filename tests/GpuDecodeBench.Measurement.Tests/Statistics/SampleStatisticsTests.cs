using GpuDecodeBench.Measurement.Sampling;
using GpuDecodeBench.Measurement.Statistics;
using GpuDecodeBench.Records;
using Xunit.Abstractions;

namespace GpuDecodeBench.Measurement.Tests.Statistics;

public class SampleStatisticsTests(ITestOutputHelper output)
{
    [Fact]
    public void FiguresOfTenSamplesMatchThoseByHand()
    {
        // 1 … 10 in another order: mean 5.5, Σ(x − mean)² = 82.5, interval from the 2nd to the 9th.
        var statistics = new SampleStatistics([7, 3, 10, 1, 5, 9, 2, 8, 4, 6]);

        Assert.Equal(5.5, statistics.Median.MedianSeconds);
        Assert.Equal(5.5, statistics.MeanSeconds);
        Assert.Equal(Math.Sqrt(82.5 / 9), statistics.StandardDeviationSeconds!.Value, 12);
        Assert.Equal(2, statistics.Median.Ci95LowSeconds);
        Assert.Equal(9, statistics.Median.Ci95HighSeconds);
        Assert.Equal(3.5 / 5.5, statistics.Median.RelativeHalfWidth!.Value, 12);
        Assert.Equal(1, statistics.MinimumSeconds);
        Assert.Equal(10, statistics.MaximumSeconds);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(5, 1.45)]
    [InlineData(25, 3.25)]
    [InlineData(50, 5.5)]
    [InlineData(95, 9.55)]
    [InlineData(99, 9.91)]
    [InlineData(100, 10)]
    public void PercentilesInterpolateAsNumPyDoesByDefault(double percent, double expected) =>
        Assert.Equal(expected, new SampleStatistics([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]).PercentileSeconds(percent), 12);

    [Fact]
    public void AnOddCountHasItsMiddleSampleAsMedian() =>
        Assert.Equal(3, new SampleStatistics([9, 1, 3]).Median.MedianSeconds);

    [Fact]
    public void ASingleSampleHasNoDeviationAndNoInterval()
    {
        StepStatistics step = new SampleStatistics([0.25]).ToStepStatistics(StopReason.TimeLimit);

        Assert.Equal((0.25, 0.25, 0.25, 0.25, 0.25), (step.Median, step.Mean, step.P5, step.P95, step.P99));
        Assert.Null(step.StdDev);
        Assert.Null(step.Ci95Low);
        Assert.Null(step.Ci95High);
        Assert.Equal(1, step.Count);
        Assert.Equal("timeLimit", step.StopReason);
    }

    [Fact]
    public void FiveSamplesHaveNoIntervalAndSixDo()
    {
        Assert.Null(new SampleStatistics([1, 2, 3, 4, 5]).Median.Ci95LowSeconds);
        MedianEstimate six = new SampleStatistics([1, 2, 3, 4, 5, 6]).Median;
        Assert.Equal((1, 6), (six.Ci95LowSeconds, six.Ci95HighSeconds));
    }

    [Fact]
    public void TheIntervalCoversTheTrueMedianOfLogNormalSamplesAsOftenAsItSays()
    {
        const int Seed = 20250101;
        const int Trials = 2000;
        const double TrueMedian = 0.012;
        var random = new Random(Seed);
        int covered = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            MedianEstimate estimate = new SampleStatistics(random.LogNormal(25, TrueMedian, 0.4)).Median;
            covered += estimate.Ci95LowSeconds <= TrueMedian && TrueMedian <= estimate.Ci95HighSeconds ? 1 : 0;
        }

        double coverage = covered / (double)Trials;
        output.WriteLine($"seed {Seed}: covered {coverage:p2} of {Trials} trials");
        Assert.InRange(coverage, 0.93, 0.985);
    }

    [Fact]
    public void ATinySpreadOnALargeMeanIsNotLostToRounding()
    {
        double[] samples = [.. Enumerable.Range(0, 1000).Select(i => 1e6 + (i % 2 == 0 ? 1e-3 : -1e-3))];
        Assert.Equal(1e-3 * Math.Sqrt(1000.0 / 999), new SampleStatistics(samples).StandardDeviationSeconds!.Value, 8);
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(-1e-9)]
    public void WhatIsNoDurationIsRefused(double seconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SampleStatistics([1, seconds]));

    [Fact]
    public void NoSamplesAreRefused() => Assert.Throws<ArgumentException>(() => new SampleStatistics([]));

    [Theory]
    [InlineData(-0.1)]
    [InlineData(100.1)]
    [InlineData(double.NaN)]
    public void APercentileOutsideZeroToHundredIsRefused(double percent) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new SampleStatistics([1]).PercentileSeconds(percent));

    [Fact]
    public void AMedianOfZeroHasNoRelativeWidth() =>
        Assert.Null(new SampleStatistics([0, 0, 0, 0, 0, 0]).Median.RelativeHalfWidth);
}
