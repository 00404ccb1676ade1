using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Economics.Sensitivity;
using GpuDecodeBench.Economics.Tests.Decisions;

namespace GpuDecodeBench.Economics.Tests.Sensitivity;

public class PairedDrawsTests
{
    private const int Draws = 4000;
    private const int Seed = 3;

    [Fact]
    public void WhatTwoResultsShareDecidesNothingBetweenThem()
    {
        // The same rent for both, and one hundredth more work for the first.
        EquationSystem first = Cost("rent", 1, 2, 3, 1.01);
        EquationSystem second = Cost("rent", 1, 2, 3, 1);

        Assert.Equal(1, Share(first, second, _ => true));
        Assert.Equal(0, Share(second, first, _ => true));
    }

    [Fact]
    public void WhatTheyDoNotShareIsATossUpWhereItIsAlike() =>
        Assert.InRange(Share(Cost("rent", 1, 2, 3, 1), Cost("rent", 1, 2, 3, 1), _ => false), 0.47, 0.53);

    [Fact]
    public void AnInputOfAnotherRangeIsNotShared() =>
        // Each triangle is the sum of two even draws from 0 to 1; that four of them add up to less than 1 happens once in 4! = 24 times.
        Assert.InRange(Share(Cost("rent", 1, 2, 3, 1), Cost("rent", 2, 3, 4, 1), _ => true), 0.03, 0.055);

    [Fact]
    public void RangesThatDoNotMeetAreDecided()
    {
        Assert.Equal(0, Share(Cost("rent", 1, 2, 3, 1), Cost("rent", 4, 5, 6, 1), _ => true));
        Assert.Equal(1, Share(Cost("rent", 4, 5, 6, 1), Cost("rent", 1, 2, 3, 1), _ => true));
    }

    /// <summary>The rents that are ranked beside list prices without being any; a source in their place must take the mark off.</summary>
    [Fact]
    public void TheRentsThatAreOwnEstimatesAreKnownAsSuch() =>
        Assert.Equal(
            ["B300 SXM", "GB200 NVL72", "L40S", "MI300X", "MI325X", "MI355X"],
            AssumptionCatalogue
                .All.Where(assumption => assumption.Symbol == "rent")
                .Select(assumption => assumption.For!)
                .Where(device =>
                    OwnEstimate.Is(
                        AssumptionCatalogue.Inputs(device).Single(input => input.Symbol == "rent").Provenance
                    ) && OwnEstimate.Is(PriceCatalogue.Find(Records.HardwareCatalogue.Find(device)).Provenance)
                )
                .Order()
        );

    private static double Share(EquationSystem first, EquationSystem second, Func<string, bool> isShared) =>
        PairedDraws.ShareBelow((first, "cost"), (second, "cost"), isShared, Draws, Seed);

    private static EquationSystem Cost(string symbol, double low, double likely, double high, double work) =>
        EquationSystem.Create(
            [Example.Input(symbol, "$/GPU/h", likely, low, high), Example.Input("work", "1", work)],
            [new Equation("cost", "a cost", "$/GPU/h", $"{symbol} × work")]
        );
}
