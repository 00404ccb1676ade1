using GpuDecodeBench.Measurement.Statistics;
using Xunit.Abstractions;

namespace GpuDecodeBench.Measurement.Tests.Statistics;

public class EffectiveSamplesTests(ITestOutputHelper output)
{
    private const int Seed = 11;

    [Fact]
    public void IndependentSamplesAreWorthThemselves()
    {
        int worth = EffectiveSamples.Count(new Random(Seed).Steady(2000, 1, 0.1));
        output.WriteLine($"seed {Seed}: {worth} of 2000");
        Assert.InRange(worth, 1600, 2000);
    }

    /// <summary>
    /// The signs of a Gaussian series with correlations φᵏ have correlations (2/π) asin φᵏ; for φ = 0.6 these are 0.410, 0.235, 0.139,
    /// 0.083, 0.050, 0.030, 0.018, 0.011, 0.006, 0.004 … with the sum 0.99, so that τ = 1 + 2 · 0.99 = 2.98. A long series is
    /// judged in pieces and must come to the same.
    /// </summary>
    [Theory]
    [InlineData(4000)]
    [InlineData(20_000)]
    public void ASeriesOfKnownCorrelationIsWorthWhatTheoryGives(int count)
    {
        int worth = EffectiveSamples.Count(new Random(Seed).Correlated(count, 0.6));
        output.WriteLine($"seed {Seed}: {worth} of {count}, theory {count / 2.98:0}");
        Assert.InRange(worth, 0.75 * count / 2.98, 1.25 * count / 2.98);
    }

    [Fact]
    public void ADriftLeavesNextToNothing() =>
        Assert.InRange(EffectiveSamples.Count([.. Enumerable.Range(0, 60).Select(i => 1 + (i * 0.001))]), 1, 5);

    [Fact]
    public void SamplesThatAreAllTheSameAreWorthThemselves() =>
        Assert.Equal(7, EffectiveSamples.Count([2, 2, 2, 2, 2, 2, 2]));

    [Fact]
    public void SamplesThatAlternateAreNotWorthMoreThanTheyAre() =>
        Assert.Equal(40, EffectiveSamples.Count([.. Enumerable.Range(0, 40).Select(i => i % 2 == 0 ? 1.0 : 2.0)]));

    [Fact]
    public void NoSampleIsRefused() => Assert.Throws<ArgumentException>(() => EffectiveSamples.Count([]));

    [Fact]
    public void TheIntervalOfSeriesCoversTheTrueRatioAboutAsOftenAsItSays()
    {
        const int Trials = 200;
        var random = new Random(Seed);
        int bySeries = 0;
        int asIndependent = 0;
        for (int trial = 0; trial < Trials; trial++)
        {
            double[] first = random.Correlated(80, 0.6);
            double[] second = random.Correlated(80, 0.6);
            bySeries += Covers(RatioInterval.BetweenSeries(first, second, trial)) ? 1 : 0;
            asIndependent += Covers(RatioInterval.Between(first, second, trial)) ? 1 : 0;
        }

        output.WriteLine($"seed {Seed}: {bySeries} of {Trials} as series, {asIndependent} taken as independent");
        Assert.InRange(bySeries / (double)Trials, 0.89, 0.99);
        Assert.True(asIndependent < 0.85 * Trials, "correlation was to make the plain interval too narrow");
    }

    [Fact]
    public void DriftingSeriesGetTheirWholeRange()
    {
        // 1.00 to 1.19 against 2.00 to 2.19: at most 2.19 / 1.00, at least 2.00 / 1.19; the medians are 2.095 and 1.095.
        double[] first = [.. Enumerable.Range(0, 20).Select(i => 2 + (i * 0.01))];
        double[] second = [.. Enumerable.Range(0, 20).Select(i => 1 + (i * 0.01))];
        RatioInterval interval = RatioInterval.BetweenSeries(first, second);
        Assert.Equal(2.095 / 1.095, interval.Ratio, 12);
        Assert.Equal(2 / 1.19, interval.Ci95Low!.Value, 12);
        Assert.Equal(2.19, interval.Ci95High!.Value, 12);
        Assert.True(interval.Differs);
    }

    private static bool Covers(RatioInterval interval) => interval.Ci95Low <= 1 && interval.Ci95High >= 1;

    /// <summary>The mean of ten times 0.001 is not 0.001 in double precision; that is no deviation of theirs.</summary>
    [Theory]
    [InlineData(0.001, 10)]
    [InlineData(0.1, 3)]
    [InlineData(0.0287, 5000)]
    public void EqualSamplesAreAllWorthOneEachForTheirMean(double sample, int count) =>
        Assert.Equal(count, EffectiveSamples.CountForMean([.. Enumerable.Repeat(sample, count)]));
}
