using GpuDecodeBench.Measurement.Sampling;
using GpuDecodeBench.Measurement.Statistics;

namespace GpuDecodeBench.Measurement.Tests.Statistics;

public class RunningMedianTests
{
    [Fact]
    public void EveryEstimateEqualsTheOneFromSortingEverything()
    {
        var random = new Random(7);
        var running = new RunningMedian();
        var all = new List<double>();
        for (int i = 0; i < 600; i++)
        {
            double sample = Math.Round(random.NextDouble(), 2);
            running.Add(sample);
            all.Add(sample);
            if (random.Next(3) == 0)
            {
                Assert.Equal(new SampleStatistics(all).Median, running.Estimate());
            }
        }

        Assert.Equal(all, running.SamplesSeconds);
    }

    [Fact]
    public void BeforeTheFirstSampleThereIsNoEstimate() => Assert.Null(new RunningMedian().Estimate());

    [Fact]
    public void AskingTwiceGivesTheSameEstimate()
    {
        var running = new RunningMedian();
        running.Add(2);
        Assert.Same(running.Estimate(), running.Estimate());
    }

    [Fact]
    public void WhatIsNoDurationIsRefusedAndNotKept()
    {
        var running = new RunningMedian();
        Assert.Throws<ArgumentOutOfRangeException>(() => running.Add(double.NaN));
        Assert.Equal(0, running.Count);
    }

    [Fact]
    public void FollowingHalfAMillionSamplesTakesSomeHundredLooksAndNotOneForEachSample()
    {
        // Noise so large that the rule is never met, and the looks go on to the end.
        double[] samples = new Random(3).LogNormal(500_000, 1e-4, 3);
        var state = new StoppingState(StoppingRule.Standard with { RelativeHalfWidth = 1e-6, MaximumSeconds = 1e9 });
        for (int i = 0; i < samples.Length; i++)
        {
            state.Add(samples[i], i * 1e-4);
        }

        Assert.False(state.IsDone);
        // A look each time the count has grown by 5 %: log(500 000 / 6) / log(1.05) = 232, and the first ones on top.
        Assert.InRange(state.Looks, 200, 280);
    }
}
