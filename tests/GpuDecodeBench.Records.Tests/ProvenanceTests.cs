namespace GpuDecodeBench.Records.Tests;

public sealed class ProvenanceTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void AnAssumptionNamesItsSource(string? source) =>
        Assert.Throws<ArgumentException>(nameof(source), () => ProvenanceNote.Assumed(source!));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("  ")]
    public void WhatIsUnavailableHasAReason(string? reason) =>
        Assert.Throws<ArgumentException>(nameof(reason), () => Figure.Unavailable(reason!));

    [Fact]
    public void AReasonBelongsToTheUnavailableOnly() =>
        Assert.Throws<ArgumentException>("reason", () => new ProvenanceNote(Provenance.Measured, reason: "noSensor"));

    [Fact]
    public void AKindThatIsNoneIsRefused() =>
        Assert.Throws<ArgumentException>("kind", () => new ProvenanceNote((Provenance)6));

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void AFigureIsFinite(double value) =>
        Assert.Throws<ArgumentException>(nameof(value), () => Figure.Measured(value));

    [Fact]
    public void AnUnavailableFigureHasNoValue() =>
        Assert.Throws<ArgumentException>("value", () => new Figure(0, ProvenanceNote.Unavailable("noSensor")));

    [Fact]
    public void EveryOtherFigureHasAValue() =>
        Assert.All(
            Enum.GetValues<Provenance>().Where(kind => kind != Provenance.Unavailable),
            kind =>
                Assert.Throws<ArgumentException>("value", () => new Figure(null, new ProvenanceNote(kind, "a source")))
        );

    [Fact]
    public void TheFactoriesSayWhatTheyMake()
    {
        Assert.Equal(Provenance.Measured, Figure.Measured(1, "nvml").Provenance.Kind);
        Assert.Equal(Provenance.Derived, Figure.Derived(1).Provenance.Kind);
        Assert.Equal(Provenance.Predicted, Figure.Predicted(1).Provenance.Kind);
        Assert.Equal(Provenance.Extrapolated, Figure.Extrapolated(1).Provenance.Kind);
        Assert.Equal("a price list", Figure.Assumed(1, "a price list").Provenance.Source);
        Assert.Equal("noSensor", Figure.Unavailable("noSensor").Provenance.Reason);
        Assert.Null(Figure.Unavailable("noSensor").Value);
        Assert.Equal("nvml", Figure.Measured(1, "nvml").Method);
    }

    [Fact]
    public void FiguresWithTheSameContentAreEqual() =>
        Assert.Equal(Figure.Measured(1.5, "x"), Figure.Measured(1.5, "x"));
}
