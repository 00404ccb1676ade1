using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Tests;

public class CostProvenanceTests
{
    private static readonly Figure s_assumedPrice = Figure.Assumed(3.6, "a price list");

    [Fact]
    public void MeasuredRateAndGivenPriceMakeADerivedCost()
    {
        ProvenanceNote note = TestCosts.Cost().Provenance;
        Assert.Equal(Provenance.Derived, note.Kind);
        Assert.Null(note.Detail);
    }

    [Fact]
    public void AnAssumedPriceMakesAnAssumedCostThatNamesIt()
    {
        ProvenanceNote note = TestCosts.Cost(s_assumedPrice).Provenance;
        Assert.Equal(Provenance.Assumed, note.Kind);
        Assert.Contains("price (a price list)", note.Source, StringComparison.Ordinal);
        Assert.Contains("price (a price list)", note.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void ExtrapolatedAndPredictedRatesStayWhatTheyAreAndListAssumedInputs()
    {
        ProvenanceNote extrapolated = TestCosts.Cost(s_assumedPrice, note: ProvenanceNote.Extrapolated()).Provenance;
        Assert.Equal(Provenance.Extrapolated, extrapolated.Kind);
        Assert.Contains("a price list", extrapolated.Detail, StringComparison.Ordinal);
        ProvenanceNote predicted = TestCosts.Cost(note: ProvenanceNote.Predicted()).Provenance;
        Assert.Equal(Provenance.Predicted, predicted.Kind);
        Assert.Null(predicted.Detail);
    }

    [Fact]
    public void BothAssumedInputsAreListed()
    {
        ProvenanceNote note = TestCosts.Cost(s_assumedPrice, Figure.Assumed(0.5, "a habit")).Provenance;
        Assert.Equal("price (a price list); utilisation (a habit)", note.Source);
    }

    [Fact]
    public void OnlyFiguresMadeForTheUserCountAsGiven()
    {
        Assert.True(UserFigure.IsGiven(UserFigure.Create(1, "--x")));
        Assert.False(UserFigure.IsGiven(Figure.Assumed(1, "given by the user")));
        Assert.False(UserFigure.IsGiven(Figure.Measured(1, UserFigure.Method)));
        Assert.True(UserFigure.IsGiven(UserFigure.Note("--x")));
        Assert.False(UserFigure.IsGiven(ProvenanceNote.Assumed("a price list")));
    }
}
