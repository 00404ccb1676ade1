namespace GpuDecodeBench.Records.Tests;

/// <summary>What tokens per second are over, whichever version wrote the record.</summary>
public sealed class MeanStepTests
{
    [Fact]
    public void ARateOverTheMedianIsReadAsOneOverTheMeanStep()
    {
        // 4 ms a step at the median, a mean a tenth above it: 250 tokens/s over the median, 227 over the mean.
        PointRecord old = Whole() with
        {
            RecordedTokensPerSecond = 250,
            RecordedTokensPerSecondPerUser = 250,
        };
        Assert.Equal(0.0044, old.MeanFullStepSeconds, 12);
        Assert.Equal(1 / 0.0044, old.TokensPerSecond, 9);
        Assert.Equal(1 / 0.0044, old.TokensPerSecondPerUser, 9);
        Assert.Equal(Provenance.Derived, old.TokensPerSecondProvenance.Kind);
        Assert.Equal("batch over the mean step; the record itself has 250", old.TokensPerSecondProvenance.Detail);
        Assert.Equal(["warmCache", "meanAboveMedian"], old.Warnings);
    }

    [Fact]
    public void WhatAnExtrapolatedRateRestsOnStaysSaid()
    {
        PointRecord old = SampleRecords.Point();
        Assert.Equal(Provenance.Extrapolated, old.TokensPerSecondProvenance.Kind);
        Assert.Equal(
            "batch over the mean step; the record itself has 250.5; 8 of 32 layers measured",
            old.TokensPerSecondProvenance.Detail
        );
    }

    [Fact]
    public void ARateOverTheMeanStepIsTakenWithItsOwnNote()
    {
        var own = ProvenanceNote.Derived("batch over the mean step");
        PointRecord now = Whole() with
        {
            RecordedTokensPerSecond = 1 / 0.0044,
            RecordedWarnings = ["meanAboveMedian"],
            Provenance = new Dictionary<string, ProvenanceNote> { ["tokensPerSecond"] = own },
        };
        Assert.Equal(now.RecordedTokensPerSecond, now.TokensPerSecond, 9);
        Assert.Same(own, now.TokensPerSecondProvenance);
        Assert.Equal(["meanAboveMedian"], now.Warnings);
    }

    [Fact]
    public void ARecordWithoutARateGetsNone()
    {
        Assert.Equal(0, (Whole() with { RecordedTokensPerSecond = 0 }).TokensPerSecond);
        PointRecord none = Whole() with
        {
            Provenance = new Dictionary<string, ProvenanceNote>
            {
                ["tokensPerSecond"] = ProvenanceNote.Unavailable("notMeasured"),
            },
        };
        Assert.Equal(none.RecordedTokensPerSecond, none.TokensPerSecond);
        Assert.Equal(Provenance.Unavailable, none.TokensPerSecondProvenance.Kind);
    }

    [Fact]
    public void AFewPercentBetweenMeanAndMedianAreNoWarning()
    {
        PointRecord point = Whole();
        point = point with { StepSeconds = point.StepSeconds with { Mean = point.StepSeconds.Median * 1.049 } };
        Assert.Equal(["warmCache"], point.Warnings);
    }

    private static PointRecord Whole()
    {
        PointRecord point = SampleRecords.Point();
        return point with
        {
            LayersMeasured = 32,
            StepSeconds = point.StepSeconds with { Median = 0.004, Mean = 0.0044 },
            FullStepSeconds = 0.004,
            Provenance = new Dictionary<string, ProvenanceNote>(),
        };
    }
}
