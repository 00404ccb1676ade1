using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Workload.Tests.Formats;

public class Fp8E4M3Tests
{
    /// <summary>The OFP8 formula, written with powers of two: s.eeee.mmm is ±2^(e−7) × (1 + m/8), or ±2^−6 × m/8 for e = 0.</summary>
    private static double ValueByTheSpecification(int code)
    {
        int exponent = (code & 0x78) >> 3;
        int mantissa = code & 7;
        double magnitude =
            exponent == 15 && mantissa == 7 ? double.NaN
            : exponent == 0 ? Math.Pow(2, -6) * (mantissa / 8.0)
            : Math.Pow(2, exponent - 7) * (1 + (mantissa / 8.0));
        return code >= 128 ? -magnitude : magnitude;
    }

    [Fact]
    public void EveryCodeDecodesByTheSpecificationAndEncodesBack()
    {
        for (int code = 0; code < 256; code++)
        {
            double expected = ValueByTheSpecification(code);
            double value = Fp8E4M3.Decode((byte)code);
            Assert.True(expected.Equals(value), $"code 0x{code:X2} is {expected:R}, not {value:R}");
            Assert.True(
                Fp8E4M3.Encode(value) == code,
                $"{value:R} is code 0x{code:X2}, not 0x{Fp8E4M3.Encode(value):X2}"
            );
        }
    }

    [Fact]
    public void OnlyTheCodes7FAndFFAreNaN()
    {
        int[] nanCodes = [.. Enumerable.Range(0, 256).Where(code => double.IsNaN(Fp8E4M3.Decode((byte)code)))];
        Assert.Equal([0x7F, 0xFF], nanCodes);
        Assert.Equal(
            448,
            Enumerable.Range(0, 256).Select(code => Fp8E4M3.Decode((byte)code)).Where(double.IsFinite).Max()
        );
    }

    [Fact]
    public void EveryMidpointGoesToTheEvenCodeAndItsNeighboursToTheNearest()
    {
        for (int code = 0; code < 0x7E; code++)
        {
            double midpoint = (ValueByTheSpecification(code) + ValueByTheSpecification(code + 1)) / 2;
            int even = (code & 1) == 0 ? code : code + 1;
            Assert.True(Fp8E4M3.Encode(midpoint) == even, $"midpoint above 0x{code:X2}");
            Assert.True(Fp8E4M3.Encode(-midpoint) == (even | 0x80), $"negative midpoint above 0x{code:X2}");
            Assert.True(
                Fp8E4M3.Encode(Math.BitDecrement(midpoint)) == code,
                $"just below the midpoint above 0x{code:X2}"
            );
            Assert.True(
                Fp8E4M3.Encode(Math.BitIncrement(midpoint)) == code + 1,
                $"just above the midpoint above 0x{code:X2}"
            );
        }
    }

    [Theory]
    [InlineData(448, 0x7E)]
    [InlineData(463, 0x7E)]
    [InlineData(464, 0x7E)]
    [InlineData(480, 0x7E)]
    [InlineData(1e300, 0x7E)]
    [InlineData(-1e300, 0xFE)]
    [InlineData(double.PositiveInfinity, 0x7E)]
    [InlineData(double.NegativeInfinity, 0xFE)]
    public void ValuesBeyond448Saturate(double value, int code) => Assert.Equal(code, Fp8E4M3.Encode(value));

    [Theory]
    [InlineData(0.001953125, 0x01)]
    [InlineData(0.0009765625, 0x00)]
    [InlineData(0.00097656251, 0x01)]
    [InlineData(0.0029296875, 0x02)]
    [InlineData(0.013671875, 0x07)]
    [InlineData(0.0146484375, 0x08)]
    [InlineData(0.015625, 0x08)]
    [InlineData(-0.0, 0x80)]
    [InlineData(1e-320, 0x00)]
    public void SubnormalsAndTheStepToNormalsRoundToNearestEven(double value, int code) =>
        Assert.Equal(code, Fp8E4M3.Encode(value));

    [Fact]
    public void NaNGivesANaNCode() => Assert.Equal(0x7F, Fp8E4M3.Encode(double.NaN) & 0x7F);

    [Fact]
    public void RoundingHappensOnceFromDouble()
    {
        double justAboveTie = 1.0625 + Math.ScaleB(1, -40);
        Assert.Equal(0x38, Fp8E4M3.Encode((float)justAboveTie));
        Assert.Equal(0x39, Fp8E4M3.Encode(justAboveTie));
    }
}
