using GpuDecodeBench.Measurement.Statistics;
using Xunit.Abstractions;

namespace GpuDecodeBench.Measurement.Tests.Statistics;

public class RatioIntervalTests(ITestOutputHelper output)
{
    [Fact]
    public void SamplesWithoutNoiseGiveTheRatioItself() =>
        Assert.Equal(
            new RatioInterval(1.5, 1.5, 1.5, 4),
            RatioInterval.Between([3, 3, 3, 3, 3, 3], [2, 2, 2, 2, 2, 2], seed: 4)
        );

    [Fact]
    public void TheSameSeedGivesTheSameIntervalAndAnotherSeedNearlyTheSame()
    {
        var random = new Random(1);
        double[] first = random.LogNormal(200, 2, 0.1);
        double[] second = random.LogNormal(200, 1, 0.1);

        RatioInterval interval = RatioInterval.Between(first, second, seed: 9);

        Assert.Equal(interval, RatioInterval.Between(first, second, seed: 9));
        RatioInterval other = RatioInterval.Between(first, second, seed: 10);
        Assert.Equal(interval.Ci95Low!.Value, other.Ci95Low!.Value, 0.01);
        Assert.Equal(interval.Ci95High!.Value, other.Ci95High!.Value, 0.01);
    }

    [Theory]
    [InlineData(15)]
    [InlineData(40)]
    public void TheIntervalCoversTheTrueRatioAsOftenAsItSays(int count)
    {
        const int Seed = 77;
        const int Trials = 400;
        var random = new Random(Seed);
        int covered = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            RatioInterval interval = RatioInterval.Between(
                random.LogNormal(count, 1.2, 0.2),
                random.LogNormal(count + 1, 1, 0.2),
                trial
            );
            covered += interval.Ci95Low <= 1.2 && interval.Ci95High >= 1.2 ? 1 : 0;
        }

        output.WriteLine($"seed {Seed}: covered {covered} of {Trials} trials");
        Assert.InRange(covered / (double)Trials, 0.92, 0.985);
    }

    [Theory]
    [InlineData(9)]
    [InlineData(10)]
    public void MediansDrawnDirectlyAreDistributedAsThoseOfResamplesReallyMade(int count)
    {
        const int Draws = 40_000;
        double[] sorted = [.. Enumerable.Range(1, count).Select(i => (double)i * i)];
        var random = new Random(5);
        var resampler = new MedianResampler(6);
        double[] direct = [.. Enumerable.Range(0, Draws).Select(_ => resampler.Next(sorted)).Order()];
        double[] made =
        [
            .. Enumerable
                .Range(0, Draws)
                .Select(_ =>
                    new SampleStatistics([.. sorted.Select(_ => sorted[random.Next(count)])]).Median.MedianSeconds
                )
                .Order(),
        ];

        // Two-sample Kolmogorov–Smirnov distance: 1.63·√(2/n) is its 1 % limit.
        double distance = made.Distinct()
            .Max(value => Math.Abs(direct.Count(x => x <= value) - made.Count(x => x <= value)) / (double)Draws);
        Assert.InRange(distance, 0, 1.63 * Math.Sqrt(2.0 / Draws));
    }

    [Fact]
    public void ConfigurationsTenPercentApartDifferAndTheSameOneDoesNot()
    {
        var random = new Random(2);
        double[] slow = random.Steady(50, 1.1, 0.01);
        double[] fast = random.Steady(50, 1.0, 0.01);
        Assert.True(RatioInterval.Between(slow, fast).Differs);
        Assert.True(RatioInterval.Between(fast, slow).Differs);
        Assert.False(RatioInterval.Between(fast, random.Steady(50, 1.0, 0.01)).Differs);
    }

    [Fact]
    public void FewerThanSixSamplesOnOneSideGiveTheRatioWithoutAnInterval()
    {
        RatioInterval interval = RatioInterval.Between([2, 2, 2, 2, 2], [1, 1, 1, 1, 1, 1]);
        Assert.Equal(2, interval.Ratio);
        Assert.Null(interval.Ci95Low);
        Assert.Null(interval.Differs);
    }

    [Fact]
    public void ADenominatorOfZeroIsRefused() =>
        Assert.Throws<ArgumentException>(() => RatioInterval.Between([1], [0]));
}
