using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Sensitivity;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Tests.Sensitivity;

public class UncertaintyTests
{
    private static readonly EquationSystem System = EquationSystem.Create(
        [
            Input("a", 1, 2, 3),
            Input("b", 10, 40, 100),
            new("c", "certain", "1", 5, ProvenanceNote.Measured()),
            new("unused", "unknown", "1", null, ProvenanceNote.Unavailable("notMeasured")),
        ],
        [new("y", "result", "1", "a + b / 10 + c"), new("z", "unknown result", "1", "unused + a")]
    );

    [Fact]
    public void TheSameSeedGivesTheSameDraws()
    {
        UncertainResult first = MonteCarlo.Run(System, "y", 1000, 7);

        Assert.Equal(first.Sorted, MonteCarlo.Run(System, "y", 1000, 7).Sorted);
        Assert.NotEqual(first.Sorted, MonteCarlo.Run(System, "y", 1000, 8).Sorted);
    }

    [Fact]
    public void ADrawIsWhatAllEquationsTogetherGiveForIt()
    {
        // The result needs an equation of certain inputs, one of uncertain ones twice over, and a choice that draws turn round.
        var system = EquationSystem.Create(
            [Input("a", 1, 2, 3), Input("b", 10, 40, 100), new("c", "certain", "1", 5, ProvenanceNote.Measured())],
            [
                new("y", "result", "1", "if(twice > wide / 10, twice / still, still ^ a) + twice"),
                new("beside", "needs the result", "1", "y × a"),
                new("twice", "of uncertain inputs", "1", "2 × a"),
                new("wide", "of uncertain inputs", "1", "b - a"),
                new("still", "of certain inputs", "1", "c × 3"),
            ]
        );
        var random = new Random(7);
        var expected = new List<double>();
        for (int i = 0; i < 1000; i++)
        {
            double[] slots = system.LikelySlots();
            slots[system.SlotOf("a")] = TriangularDistribution.Quantile(1, 2, 3, random.NextDouble());
            slots[system.SlotOf("b")] = TriangularDistribution.Quantile(10, 40, 100, random.NextDouble());
            system.Evaluate(slots);
            expected.Add(slots[system.SlotOf("y")]);
        }

        Assert.Equal(expected.Order(), MonteCarlo.Run(system, "y", 1000, 7).Sorted);
    }

    [Fact]
    public void TheMeanOfTheDrawsIsThatOfTheTriangles()
    {
        UncertainResult result = MonteCarlo.Run(System, "y", 20000, 1);

        // (1 + 2 + 3) / 3 + (1 + 4 + 10) / 3 + 5 = 12; deviations √(1/6) and √((1 + 16 + 100 − 4 − 10 − 40) / 18) = 1.871, so that
        // the mean of 20,000 is within 4 × 1.915 / √20000 = 0.054.
        Assert.Equal(12, result.Sorted.Average(), 0.054);
        Assert.Equal(11, result.Likely, 1e-12);
        Assert.InRange(result.P10, 8, result.P50);
        Assert.InRange(result.P90, result.P50, 18);
    }

    [Theory]
    [InlineData(0, 1)]
    [InlineData(0.125, 1.5)]
    [InlineData(0.5, 2)]
    [InlineData(0.875, 2.5)]
    [InlineData(1, 3)]
    public void TheQuantilesOfATriangleAreThoseOfItsArea(double share, double value) =>
        Assert.Equal(value, TriangularDistribution.Quantile(1, 2, 3, share), 1e-12);

    [Fact]
    public void TheAssumptionThatMattersMostComesFirst()
    {
        IReadOnlyList<TornadoBar> bars = Tornado.Of(System, "y");

        Assert.Equal(["b", "a"], bars.Select(bar => bar.Input.Symbol));
        Assert.Equal((8.0, 17.0), (bars[0].AtLow, bars[0].AtHigh));
        Assert.Equal(9, bars[0].Width, 1e-12);
    }

    [Fact]
    public void AResultThatIsNotKnownHasNoRange() =>
        Assert.Throws<ArgumentException>(() => MonteCarlo.Run(System, "z", 1000, 1));

    private static ModelInput Input(string symbol, double low, double likely, double high) =>
        new(symbol, symbol, "1", likely, ProvenanceNote.Assumed("an example")) { Low = low, High = high };
}
