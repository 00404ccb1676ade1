using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Workload.Tests.Formats;

public class Fp16Tests
{
    private static double HalfValue(int code) => (double)BitConverter.UInt16BitsToHalf((ushort)code);

    [Fact]
    public void EveryCodeDecodesAsSystemHalfAndEncodesBack()
    {
        for (int code = 0; code <= 0xFFFF; code++)
        {
            double value = Fp16.Decode((ushort)code);
            double expected = HalfValue(code);
            if (double.IsNaN(expected))
            {
                Assert.True(double.IsNaN(value), $"code 0x{code:X4} must be NaN, is {value}");
                Assert.True(
                    Fp16.Encode(value) == (code | 0x0200),
                    $"NaN code 0x{code:X4} must come back quiet with sign and payload, is 0x{Fp16.Encode(value):X4}"
                );
                continue;
            }

            Assert.True(
                BitConverter.DoubleToInt64Bits(expected) == BitConverter.DoubleToInt64Bits(value),
                $"code 0x{code:X4} is {expected:R}, not {value:R}"
            );
            Assert.True(Fp16.Encode(value) == code, $"{value:R} is code 0x{code:X4}, not 0x{Fp16.Encode(value):X4}");
        }
    }

    [Fact]
    public void EveryMidpointGoesToTheEvenCodeAndItsNeighboursToTheNearest()
    {
        for (int code = 0; code < 0x7BFF; code++)
        {
            double midpoint = (HalfValue(code) + HalfValue(code + 1)) / 2;
            int even = (code & 1) == 0 ? code : code + 1;
            Assert.True(Fp16.Encode(midpoint) == even, $"midpoint above 0x{code:X4}");
            Assert.True(Fp16.Encode(-midpoint) == (even | 0x8000), $"negative midpoint above 0x{code:X4}");
            Assert.True(Fp16.Encode(Math.BitDecrement(midpoint)) == code, $"just below the midpoint above 0x{code:X4}");
            Assert.True(
                Fp16.Encode(Math.BitIncrement(midpoint)) == code + 1,
                $"just above the midpoint above 0x{code:X4}"
            );
        }
    }

    [Fact]
    public void RandomDoublesRoundAsSystemHalfRoundsThem()
    {
        const int Seed = 20250101;
        Random random = new(Seed);
        for (int i = 0; i < 200_000; i++)
        {
            double value = (random.NextDouble() - 0.5) * Math.ScaleB(1, random.Next(-27, 19));
            ushort expected = BitConverter.HalfToUInt16Bits((Half)value);
            Assert.True(
                Fp16.Encode(value) == expected,
                $"seed {Seed}, value {value:R}: 0x{Fp16.Encode(value):X4}, Half 0x{expected:X4}"
            );
        }
    }

    [Fact]
    public void RoundingHappensOnceFromDouble()
    {
        // Rounded to float first, the 2^-40 is lost and the tie goes down to 1.
        double justAboveTie = 1 + Math.ScaleB(1, -11) + Math.ScaleB(1, -40);
        Assert.Equal(0x3C01, Fp16.Encode(justAboveTie));
    }

    [Theory]
    [InlineData(65504, 0x7BFF)]
    [InlineData(65519.99999, 0x7BFF)]
    [InlineData(65520, 0x7C00)]
    [InlineData(-65520, 0xFC00)]
    [InlineData(1e308, 0x7C00)]
    [InlineData(double.MaxValue, 0x7C00)]
    [InlineData(double.PositiveInfinity, 0x7C00)]
    [InlineData(double.NegativeInfinity, 0xFC00)]
    [InlineData(0.0, 0x0000)]
    [InlineData(-0.0, 0x8000)]
    [InlineData(double.Epsilon, 0x0000)]
    [InlineData(-double.Epsilon, 0x8000)]
    [InlineData(5.9604644775390625e-8, 0x0001)]
    [InlineData(6.103515625e-5, 0x0400)]
    public void LimitsOfTheRangeEncodeAsIeeeSays(double value, int code) => Assert.Equal(code, Fp16.Encode(value));

    [Fact]
    public void NaNStaysNaN()
    {
        Assert.True(double.IsNaN(Fp16.Decode(Fp16.Encode(double.NaN))));
        Assert.True(double.IsNaN(Fp16.Decode(Fp16.Encode(BitConverter.Int64BitsToDouble(0x7FF0000000000001)))));
    }
}
