using GpuDecodeBench.Ptx.Arithmetic;

namespace GpuDecodeBench.Ptx.Tests.Arithmetic;

/// <summary>Numbers of eight bits, against the tables of OFP8 written out and a search among all 256.</summary>
public sealed class Float8Tests
{
    [Fact]
    public void EveryCodeStandsForTheNumberOfTheSpecification()
    {
        for (int code = 0; code < 256; code++)
        {
            AssertValue(E4M3(code), Conversions.E4M3ToF16((byte)code));
            AssertValue(E5M2(code), Conversions.E5M2ToF16((byte)code));
            uint pair = Conversions.UnpackE4M3x2ToF16x2((ushort)((code << 8) | (255 - code)));
            Assert.Equal(Conversions.E4M3ToF16((byte)code), pair >> 16);
            Assert.Equal(Conversions.E4M3ToF16((byte)(255 - code)), pair & 0xFFFF);
            pair = Conversions.UnpackE5M2x2ToF16x2((ushort)((code << 8) | (255 - code)));
            Assert.Equal(Conversions.E5M2ToF16((byte)code), pair >> 16);
            Assert.Equal(Conversions.E5M2ToF16((byte)(255 - code)), pair & 0xFFFF);
        }

        Assert.Equal(448, E4M3(0x7E));
        Assert.Equal(57344, E5M2(0x7B));
    }

    [Fact]
    public void EveryHalfGoesToTheNearestNumberTiesToTheEvenCode()
    {
        for (int bits = 0; bits <= 0xFFFF; bits++)
        {
            double value = (double)BitConverter.UInt16BitsToHalf((ushort)bits);
            ushort first = Conversions.PackE4M3x2FromF16x2((uint)bits << 16);
            ushort second = Conversions.PackE5M2x2FromF16x2((uint)bits);
            Assert.Equal(Nearest(value, E4M3, 0x7E), first >> 8);
            Assert.Equal(Nearest(value, E5M2, 0x7B), second);
            Assert.Equal(0, first & 0xFF);
        }
    }

    [Fact]
    public void EveryMidpointAndItsNeighboursGoTheRightWayFromSingles()
    {
        for (int code = 0; code < 0x7E; code++)
        {
            Around((E4M3(code) + E4M3(code + 1)) / 2, E4M3, 0x7E, value => Conversions.PackE4M3x2(0, value));
            if (code < 0x7B)
            {
                Around((E5M2(code) + E5M2(code + 1)) / 2, E5M2, 0x7B, value => Conversions.PackE5M2x2(0, value));
            }
        }
    }

    [Fact]
    public void RandomSinglesGoToTheNearestNumber()
    {
        const int seed = 41;
        Numbers numbers = new(seed, Format.Single);
        Random random = new(seed);
        for (int trial = 0; trial < 20000; trial++)
        {
            uint bits =
                trial % 2 == 0
                    ? (uint)numbers.Next()
                    : ((uint)random.Next(127 - 20, 127 + 18) << 23) | (uint)random.Next(1 << 23);
            double value = BitConverter.UInt32BitsToSingle(bits);
            string text = $"seed {seed}, trial {trial}: {bits:X8}";
            Assert.True(Nearest(value, E4M3, 0x7E) == Conversions.PackE4M3x2(bits, 0) >> 8, text);
            Assert.True(Nearest(value, E5M2, 0x7B) == Conversions.PackE5M2x2(bits, 0) >> 8, text);
        }
    }

    [Fact]
    public void InfinitiesSaturateNanStayNanAndReluLeavesNoSign()
    {
        Assert.Equal(0x7EFE, Conversions.PackE4M3x2(0x7F80_0000, 0xFF80_0000));
        Assert.Equal(0x7BFB, Conversions.PackE5M2x2(0x7F80_0000, 0xFF80_0000));
        Assert.Equal(0x7F7F, Conversions.PackE4M3x2(0x7FC0_0000, 0xFFC0_0000));
        Assert.Equal(0x7F7F, Conversions.PackE5M2x2FromF16x2(0x7E00_FE00));
        Assert.Equal(0x7E00, Conversions.PackE4M3x2(0x7F80_0000, 0xFF80_0000, relu: true));
        Assert.Equal(0x0000, Conversions.PackE5M2x2(0x8000_0000, 0xBF80_0000, relu: true));
        Assert.Equal(0x0000_7FFFu, Conversions.UnpackE4M3x2ToF16x2(0xB8FF, relu: true));
        Assert.Equal(0x7C00_0000u, Conversions.UnpackE5M2x2ToF16x2(0x7CFC, relu: true));
    }

    private static void Around(double middle, Func<int, double> values, int largest, Func<uint, ushort> pack)
    {
        float single = (float)middle;
        foreach (float value in new[] { single, MathF.BitIncrement(single), MathF.BitDecrement(single) })
        {
            Assert.Equal(Nearest(value, values, largest), pack(BitConverter.SingleToUInt32Bits(value)));
            Assert.Equal(Nearest(-value, values, largest), pack(BitConverter.SingleToUInt32Bits(-value)));
        }
    }

    private static int Nearest(double value, Func<int, double> values, int largest)
    {
        if (double.IsNaN(value))
        {
            return 0x7F;
        }

        double magnitude = Math.Min(Math.Abs(value), values(largest));
        int best = 0;
        for (int code = 1; code <= largest; code++)
        {
            double closer = Math.Abs(values(code) - magnitude) - Math.Abs(values(best) - magnitude);
            best = closer < 0 || (closer == 0 && code % 2 == 0) ? code : best;
        }

        return best | (double.IsNegative(value) ? 0x80 : 0);
    }

    private static double E4M3(int code) => (code & 0x7F) == 0x7F ? double.NaN : Plain(code, 3, 7);

    private static double E5M2(int code) =>
        (code & 0x7F) switch
        {
            0x7C => code > 0x80 ? double.NegativeInfinity : double.PositiveInfinity,
            > 0x7C => double.NaN,
            _ => Plain(code, 2, 15),
        };

    private static double Plain(int code, int fractionBits, int bias)
    {
        int field = (code & 0x7F) >> fractionBits;
        double fraction = (code & ((1 << fractionBits) - 1)) / Math.Pow(2, fractionBits);
        double magnitude = field == 0 ? fraction * Math.Pow(2, 1 - bias) : (1 + fraction) * Math.Pow(2, field - bias);
        return (code & 0x80) != 0 ? -magnitude : magnitude;
    }

    private static void AssertValue(double expected, ushort actual)
    {
        if (double.IsNaN(expected))
        {
            Assert.Equal(0x7FFF, actual);
        }
        else
        {
            Assert.Equal(BitConverter.HalfToUInt16Bits((Half)expected), actual);
        }
    }
}
