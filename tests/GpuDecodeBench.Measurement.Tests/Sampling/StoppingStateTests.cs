using GpuDecodeBench.Measurement.Sampling;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Tests.Sampling;

public class StoppingStateTests
{
    [Fact]
    public void ThePresetsAskForOnePercentHalfAPercentAndAQuarter()
    {
        Assert.Equal(0.01, StoppingRule.Quick.RelativeHalfWidth);
        Assert.Equal(0.005, StoppingRule.Standard.RelativeHalfWidth);
        Assert.Equal(0.0025, StoppingRule.Thorough.RelativeHalfWidth);
    }

    [Fact]
    public void SteadyInputConvergesAtTheFirstMomentTheMinimumsAllow()
    {
        var state = new StoppingState(StoppingRule.Standard);
        int taken = Feed(state, Enumerable.Repeat(0.1, 1000));

        Assert.Equal(StopReason.Converged, state.Reason);
        Assert.Equal(20, taken);
        Assert.Equal(0, state.RelativeHalfWidth);
    }

    [Fact]
    public void MinimumSecondsHoldSamplingOpen()
    {
        var state = new StoppingState(StoppingRule.Standard with { MinimumSeconds = 8 });
        Assert.Equal(64, Feed(state, Enumerable.Repeat(0.125, 1000)));
        Assert.Equal(StopReason.Converged, state.Reason);
    }

    [Fact]
    public void MinimumSamplesHoldSamplingOpen()
    {
        var state = new StoppingState(StoppingRule.Standard with { MinimumSamples = 33, MinimumSeconds = 0 });
        Assert.Equal(33, Feed(state, Enumerable.Repeat(0.1, 1000)));
    }

    [Fact]
    public void WithNoMinimumsAnIntervalIsStillNeeded()
    {
        var state = new StoppingState(StoppingRule.Standard with { MinimumSamples = 1, MinimumSeconds = 0 });
        Assert.Equal(6, Feed(state, Enumerable.Repeat(0.1, 1000)));
    }

    [Fact]
    public void ConvergedStatisticsAreAsNarrowAsTheRuleAsked()
    {
        var state = new StoppingState(StoppingRule.Standard);
        Feed(state, new Random(11).Steady(100_000, 0.01, 0.03));

        StepStatistics step = state.ToStepStatistics();
        Assert.Equal("converged", step.StopReason);
        Assert.InRange((step.Ci95High!.Value - step.Ci95Low!.Value) / 2 / step.Median, 0, 0.005);
        Assert.InRange(step.Median, 0.0099, 0.0101);
        Assert.Equal(state.SamplesSeconds.Count, step.Count);
    }

    [Fact]
    public void NoisyInputEndsAtTheTimeLimitAndSaysHowWellTheMedianIsKnown()
    {
        var state = new StoppingState(StoppingRule.Quick);
        Feed(state, new Random(12).LogNormal(100_000, 0.05, 1));

        Assert.Equal(StopReason.TimeLimit, state.Reason);
        Assert.InRange(state.ElapsedSeconds, 5, 6);
        Assert.True(state.RelativeHalfWidth > 0.01);
    }

    [Fact]
    public void ASingleSampleLongerThanTheLimitEndsSampling()
    {
        var state = new StoppingState(StoppingRule.Quick);
        state.Add(7);
        Assert.Equal("timeLimit", state.ToStepStatistics().StopReason);
        Assert.Null(state.ToStepStatistics().Ci95Low);
    }

    [Fact]
    public void TheCallersClockCountsWhatLiesBetweenSamples()
    {
        var state = new StoppingState(StoppingRule.Quick);
        state.Add(0.001, 4.9);
        Assert.False(state.IsDone);
        state.Add(0.001, 5.0);
        Assert.Equal(StopReason.TimeLimit, state.Reason);
    }

    [Fact]
    public void AnInterruptionEndsSamplingAndKeepsTheSamples()
    {
        var state = new StoppingState(StoppingRule.Standard);
        state.Add(0.1);
        state.Interrupt();

        Assert.True(state.IsDone);
        Assert.Equal("interrupted", state.ToStepStatistics().StopReason);
        Assert.Equal(1, state.ToStepStatistics().Count);
    }

    [Fact]
    public void TheFirstReasonStands()
    {
        var state = new StoppingState(StoppingRule.Quick);
        Feed(state, Enumerable.Repeat(0.1, 1000));
        state.Interrupt();
        state.Add(9);

        Assert.Equal(StopReason.Converged, state.Reason);
        Assert.Equal(11, state.ToStepStatistics().Count);
    }

    [Fact]
    public void StatisticsBeforeTheEndOrWithoutSamplesAreRefused()
    {
        var state = new StoppingState(StoppingRule.Standard);
        Assert.Throws<InvalidOperationException>(() => state.ToStepStatistics());
        state.Interrupt();
        Assert.Throws<InvalidOperationException>(() => state.ToStepStatistics());
    }

    [Fact]
    public void TheEstimateOfTimeLeftFallsToZeroAndStaysWithinTheLimit()
    {
        var state = new StoppingState(StoppingRule.Standard);
        Assert.Null(state.EstimatedSecondsLeft);
        state.Add(0.1);
        Assert.Equal(1.9, state.EstimatedSecondsLeft!.Value, 9);
        foreach (double sample in new Random(13).Steady(10_000, 0.01, 0.05))
        {
            Assert.InRange(state.EstimatedSecondsLeft!.Value, 0, 20 - state.ElapsedSeconds);
            state.Add(sample);
            if (state.IsDone)
            {
                break;
            }
        }

        Assert.Equal(0, state.EstimatedSecondsLeft);
    }

    [Fact]
    public void TheEstimateOfTimeLeftIsWithinAFactorOfTwoHalfWay()
    {
        double[] samples = new Random(14).Steady(20_000, 0.001, 0.1);
        StoppingRule rule = StoppingRule.Standard with { MinimumSeconds = 0 };
        var whole = new StoppingState(rule);
        int needed = Feed(whole, samples);
        var half = new StoppingState(rule);
        Feed(half, samples.Take(needed / 2));

        double left = whole.ElapsedSeconds - half.ElapsedSeconds;
        Assert.InRange(half.EstimatedSecondsLeft!.Value, left / 2, left * 2);
    }

    [Fact]
    public void AClockThatRunsBackwardsIsRefused()
    {
        var state = new StoppingState(StoppingRule.Standard);
        state.Add(0.1, 0.5);
        Assert.Throws<ArgumentOutOfRangeException>(() => state.Add(0.1, 0.4));
    }

    [Fact]
    public void ARuleThatCannotBeMetIsRefused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => StoppingRule.Quick with { RelativeHalfWidth = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => StoppingRule.Quick with { RelativeHalfWidth = double.NaN });
        Assert.Throws<ArgumentOutOfRangeException>(() => StoppingRule.Quick with { MinimumSamples = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() => StoppingRule.Quick with { MinimumSeconds = -1 });
        Assert.Throws<ArgumentOutOfRangeException>(() => StoppingRule.Quick with { MaximumSeconds = 0 });
        Assert.Throws<ArgumentOutOfRangeException>(() =>
            StoppingRule.Quick with
            {
                MaximumSeconds = double.PositiveInfinity,
            }
        );
    }

    private static int Feed(StoppingState state, IEnumerable<double> samples)
    {
        foreach (double sample in samples)
        {
            if (state.IsDone)
            {
                break;
            }

            state.Add(sample);
        }

        return state.Count;
    }
}
