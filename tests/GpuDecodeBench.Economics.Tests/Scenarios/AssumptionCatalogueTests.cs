using GpuDecodeBench.Economics.Scenarios;

namespace GpuDecodeBench.Economics.Tests.Scenarios;

public class AssumptionCatalogueTests
{
    [Fact]
    public void NothingIsAssumedTwice()
    {
        Assert.Distinct(AssumptionCatalogue.Sources.Select(source => source.Key));
        Assert.Distinct(AssumptionCatalogue.All.Select(assumption => (assumption.Symbol, assumption.For)));
    }

    [Fact]
    public void EveryAssumptionHasASourceAndARangeThatMakesSense()
    {
        foreach (Assumption assumption in AssumptionCatalogue.All)
        {
            Assert.Contains(AssumptionCatalogue.Sources, source => source.Key == assumption.Source);
            Assert.True(
                assumption.Low <= assumption.Likely && assumption.Likely <= assumption.High,
                $"{assumption.Symbol} for {assumption.For ?? "all"}"
            );
            Assert.All(
                new[] { assumption.Low, assumption.Likely, assumption.High },
                value => Assert.Null(AcceptedRange.WhyNot(assumption.Symbol, value))
            );
        }
    }
}
