using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Workload.Tests.Formats;

public class Fp4E2M1Tests
{
    /// <summary>The magnitudes of the MX specification 1.0, section 5.3.3, in code order.</summary>
    private static readonly double[] s_magnitudes = [0, 0.5, 1, 1.5, 2, 3, 4, 6];

    [Fact]
    public void EveryCodeDecodesToTheTableAndEncodesBack()
    {
        for (int code = 0; code < 16; code++)
        {
            double expected = code < 8 ? s_magnitudes[code] : -s_magnitudes[code - 8];
            double value = Fp4E2M1.Decode((byte)code);
            Assert.True(
                BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(value),
                $"code {code} is {expected}, not {value}"
            );
            Assert.Equal(code, Fp4E2M1.Encode(value));
        }
    }

    [Theory]
    [InlineData(0.25, 0)]
    [InlineData(0.75, 2)]
    [InlineData(1.25, 2)]
    [InlineData(1.75, 4)]
    [InlineData(2.5, 4)]
    [InlineData(3.5, 6)]
    [InlineData(5.0, 6)]
    public void EveryMidpointGoesToTheEvenCodeAndItsNeighboursToTheNearest(double midpoint, int even)
    {
        int below = Array.FindLastIndex(s_magnitudes, magnitude => magnitude < midpoint);
        Assert.Equal(even, Fp4E2M1.Encode(midpoint));
        Assert.Equal(even | 8, Fp4E2M1.Encode(-midpoint));
        Assert.Equal(below, Fp4E2M1.Encode(Math.BitDecrement(midpoint)));
        Assert.Equal(below + 1, Fp4E2M1.Encode(Math.BitIncrement(midpoint)));
    }

    [Theory]
    [InlineData(6.5, 7)]
    [InlineData(7, 7)]
    [InlineData(1e300, 7)]
    [InlineData(double.PositiveInfinity, 7)]
    [InlineData(-7, 15)]
    [InlineData(double.NegativeInfinity, 15)]
    public void ValuesBeyondSixSaturate(double value, int code) => Assert.Equal(code, Fp4E2M1.Encode(value));

    [Fact]
    public void NaNGivesPlusSixAsThePtxConversionDoes()
    {
        Assert.Equal(7, Fp4E2M1.Encode(double.NaN));
        Assert.Equal(7, Fp4E2M1.Encode(-double.NaN));
    }

    [Fact]
    public void ACodeAboveFifteenIsRefused() =>
        Assert.Throws<ArgumentOutOfRangeException>("code", () => Fp4E2M1.Decode(16));
}
