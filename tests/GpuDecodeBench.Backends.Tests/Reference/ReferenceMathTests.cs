using GpuDecodeBench.Backends.Reference;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Backends.Tests.Reference;

/// <summary>The reference itself, against numbers small enough to work out on paper.</summary>
public class ReferenceMathTests
{
    private const double Exact = 1e-14;

    [Fact]
    public void RmsNormDividesByTheRootMeanSquareAndWeighs()
    {
        // (9 + 16) / 2 = 12.5, and 12.5 + 3.5 = 4².
        var result = new double[2];
        ReferenceMath.RmsNorm([3, 4], [2, -1], 3.5, result);
        Assert.Equal(3.0 / 4 * 2, result[0], Exact);
        Assert.Equal(-1, result[1], Exact);
    }

    [Fact]
    public void RmsNormMayWriteWhereItReadsFromACopy()
    {
        double[] x = [1, 7];
        ReferenceMath.RmsNorm([.. x], [1, 1], 0, x); // (1 + 49) / 2 = 5²
        Assert.Equal(0.2, x[0], Exact);
        Assert.Equal(1.4, x[1], Exact);
    }

    [Fact]
    public void DotAddsProducts()
    {
        Assert.Equal((1 * 4) + (-2 * 5) + (3 * 6), ReferenceMath.Dot([1, -2, 3], [4, 5, 6]));
        Assert.Equal(0, ReferenceMath.Dot([], []));
    }

    [Fact]
    public void RopeTurnsEachPairByItsAngle()
    {
        // Position 1: element 0 and 2 turn by 90 degrees, element 1 and 3 by 180.
        double[] head = [1, 2, 3, 4];
        ReferenceMath.Rope(head, 1, [Math.PI / 2, Math.PI]);
        Assert.Equal(-3, head[0], Exact);
        Assert.Equal(1, head[2], Exact);
        Assert.Equal(-2, head[1], Exact);
        Assert.Equal(-4, head[3], Exact);
    }

    [Fact]
    public void RopeMultipliesTheFrequencyByThePosition()
    {
        double[] head = [1, 0];
        ReferenceMath.Rope(head, 3, [Math.PI / 6]); // 3 x 30 degrees
        Assert.Equal(0, head[0], Exact);
        Assert.Equal(1, head[1], Exact);

        double[] start = [5, 6];
        ReferenceMath.Rope(start, 0, [1.234]);
        Assert.Equal([5, 6], start);
    }

    [Fact]
    public void AttentionOverTwoTokensIsTheirSoftmax()
    {
        // Four dimensions: scores are halved. q·k = 2 ln 3 and 0, so the weights are 3 / 4 and 1 / 4.
        var result = new double[4];
        ReferenceMath.Attention(
            [2 * Math.Log(3), 0, 0, 0],
            [1, 0, 0, 0, 0, 1, 0, 0],
            [4, 0, 8, -4, 0, 4, 8, 4],
            4,
            new AttentionScoring(0.5),
            result
        );
        Assert.Equal(3, result[0], Exact);
        Assert.Equal(1, result[1], Exact);
        Assert.Equal(8, result[2], Exact);
        Assert.Equal(-2, result[3], Exact);
    }

    [Fact]
    public void AttentionOverOneTokenIsItsValueWhateverTheScore()
    {
        var result = new double[1];
        ReferenceMath.Attention([1e6], [-1e6], [42], 1, new AttentionScoring(1), result);
        Assert.Equal([42], result);
    }

    [Fact]
    public void AttentionSurvivesScoresWhoseExponentialOverflows()
    {
        var result = new double[1];
        ReferenceMath.Attention([1], [5000 + Math.Log(4), 5000], [10, 0], 1, new AttentionScoring(1), result);
        Assert.Equal(8, result[0], 1e-11);
    }

    [Fact]
    public void ASinkTakesItsShareOfTheSoftmaxAndGivesNothing()
    {
        // Weights 2, 1 and 1 for the sink: a half, a quarter, and a quarter that is lost.
        var result = new double[1];
        ReferenceMath.Attention([1], [Math.Log(2), 0], [8, 4], 1, new AttentionScoring(1, Sink: 0), result);
        Assert.Equal(5, result[0], Exact);
    }

    [Fact]
    public void ASoftCapBoundsTheScoresBeforeTheSoftmax()
    {
        // Scores of ± 10^6 become ± ln 3 / 2: weights 3 / 4 and 1 / 4.
        var result = new double[1];
        ReferenceMath.Attention([1e6], [1, -1], [4, 0], 1, new AttentionScoring(1, Math.Log(3) / 2), result);
        Assert.Equal(3, result[0], Exact);
        Assert.Equal(Math.Tanh(0.5), ReferenceMath.SoftCap(1, 2) / 2, Exact);
    }

    [Fact]
    public void ValuesMayBeTheFirstElementsOfTheKeys()
    {
        double[] latents = [0, 6, 100, 0, 2, 100];
        var result = new double[2];
        ReferenceMath.Attention([0, 0, 1], latents, latents, 3, new AttentionScoring(1), result);
        Assert.Equal([0, 4], result);
    }

    [Fact]
    public void RopeMayGrowWhatItTurns()
    {
        double[] head = [1, 0];
        ReferenceMath.Rope(head, 1, [Math.PI / 2], magnitude: 3);
        Assert.Equal(0, head[0], Exact);
        Assert.Equal(3, head[1], Exact);
    }

    [Theory]
    [InlineData(1, 2, 0.8411919906082768 * 2)] // the tanh form at 1, by Hendrycks and Gimpel's formula worked out with bc
    [InlineData(-1000, 5, 0)]
    [InlineData(1000, 2, 2000)]
    public void GeGluIsTheTanhFormOfGeluTimesTheUpHalf(double gate, double up, double expected) =>
        Assert.Equal(expected, ReferenceMath.Gate(GatedActivationKind.GeluTanh, gate, up), 1e-12);

    [Theory]
    [InlineData(-12, -1.63598544935348106e-61)] // x / (1 + e^(−2 √(2/π) (x + 0.044715 x³))) with 60 digits
    [InlineData(-9.5, -6.67892876678388200e-33)]
    [InlineData(-8, -3.10778293750111122e-21)]
    [InlineData(-7.25, -1.06319362276571376e-16)]
    [InlineData(-5, -2.29179619662950605e-07)]
    [InlineData(-1, -1.58808009391723295e-01)]
    [InlineData(0.5, 3.45714009825143922e-01)]
    [InlineData(6, 5.99999999991560353)]
    public void GeluKeepsItsDigitsWhereItIsTiny(double gate, double expected)
    {
        double actual = ReferenceMath.Gate(GatedActivationKind.GeluTanh, gate, 1);
        Assert.InRange(actual / expected, 1 - 1e-13, 1 + 1e-13);
    }

    [Theory]
    [InlineData(0, 3, 0)]
    [InlineData(1e6, -1, 0)] // (−1 + 1)
    [InlineData(1e6, 1e6, 55.99962502642654)] // both clamped to 7: 7 / (1 + e^(−11.914)) × 8
    [InlineData(1e6, -1e6, -41.99971876981991)] // the up half to −7: × −6
    public void TheClampedGateOfGptOssBoundsBothHalves(double gate, double up, double expected) =>
        Assert.Equal(expected, ReferenceMath.Gate(GatedActivationKind.ClampedSwiGlu, gate, up), 1e-9);

    [Theory]
    [InlineData(0, 5, 0)]
    [InlineData(1.0986122886681098, 4, 1.0986122886681098 * 0.75 * 4)] // ln 3: 1 / (1 + 1/3)
    [InlineData(-1.0986122886681098, 4, -1.0986122886681098 * 0.25 * 4)]
    [InlineData(1000, 2, 2000)]
    [InlineData(-1000, 2, 0)]
    public void GatedSiluIsTheGateTimesItsSigmoidTimesTheUpHalf(double gate, double up, double expected) =>
        Assert.Equal(expected, ReferenceMath.Gate(GatedActivationKind.Silu, gate, up), 1e-12);

    [Theory]
    [InlineData(new double[] { 7 }, 0)]
    [InlineData(new double[] { 1, 3, 2 }, 1)]
    [InlineData(new double[] { 3, 3, 3 }, 0)]
    [InlineData(new double[] { -3, -1, -1, -2 }, 1)]
    [InlineData(new double[] { double.NegativeInfinity, -1e300 }, 1)]
    public void ArgmaxIsTheFirstOfTheLargest(double[] values, int expected) =>
        Assert.Equal(expected, ReferenceMath.Argmax(values));
}
