using GpuDecodeBench.Ptx.Arithmetic;

namespace GpuDecodeBench.Ptx.Tests.Arithmetic;

public sealed class FloatBitsTests
{
    private const uint Nan = 0x7FFF_FFFF;
    private const uint Infinity = 0x7F80_0000;
    private const uint One = 0x3F80_0000;

    public static TheoryData<FloatRounding> Directions => new(Format.Directions);

    [Theory]
    [MemberData(nameof(Directions))]
    public void SumsProductsAndFusedSumsOfSinglesAreTheExactOnesRoundedOnce(FloatRounding rounding)
    {
        const int seed = 11;
        Numbers numbers = new(seed, Format.Single);
        for (int trial = 0; trial < 4000; trial++)
        {
            uint a = (uint)numbers.Next();
            uint b = (uint)numbers.Next();
            uint c = (uint)numbers.Next();
            string text = $"seed {seed}, trial {trial}: {a:X8} {b:X8} {c:X8} {rounding}";
            Same(Sum(Format.Single, a, b, rounding), FloatBits.AddF32(a, b, rounding, false, false), text);
            Same(
                Sum(Format.Single, a, b ^ 0x8000_0000, rounding),
                FloatBits.SubF32(a, b, rounding, false, false),
                text
            );
            Same(Product(Format.Single, a, b, rounding), FloatBits.MulF32(a, b, rounding, false, false), text);
            Same(Fused(Format.Single, a, b, c, rounding), FloatBits.FmaF32(a, b, c, rounding, false, false), text);
        }
    }

    [Theory]
    [MemberData(nameof(Directions))]
    public void QuotientsAndRootsOfSinglesAreTheExactOnesRoundedOnce(FloatRounding rounding)
    {
        const int seed = 12;
        Numbers numbers = new(seed, Format.Single);
        for (int trial = 0; trial < 4000; trial++)
        {
            uint a = (uint)numbers.Next();
            uint b = (uint)numbers.Next();
            string text = $"seed {seed}, trial {trial}: {a:X8} {b:X8} {rounding}";
            Same(
                Root(Format.Single, a & 0x7FFF_FFFF, rounding),
                FloatBits.SqrtF32(a & 0x7FFF_FFFF, rounding, false),
                text
            );
            if ((b & 0x7FFF_FFFF) != 0)
            {
                Same(Quotient(Format.Single, a, b, rounding), FloatBits.DivF32(a, b, rounding, false), text);
                Same(Quotient(Format.Single, One, b, rounding), FloatBits.RcpF32(b, rounding, false), text);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Directions))]
    public void SumsProductsAndFusedSumsOfDoublesAreTheExactOnesRoundedOnce(FloatRounding rounding)
    {
        const int seed = 13;
        Numbers numbers = new(seed, Format.Double);
        for (int trial = 0; trial < 1200; trial++)
        {
            ulong a = numbers.Next();
            ulong b = numbers.Next();
            ulong c = numbers.Next();
            string text = $"seed {seed}, trial {trial}: {a:X16} {b:X16} {c:X16} {rounding}";
            Same(Sum(Format.Double, a, b, rounding), FloatBits.AddF64(a, b, rounding), text);
            Same(Sum(Format.Double, a, b ^ (1UL << 63), rounding), FloatBits.SubF64(a, b, rounding), text);
            Same(Product(Format.Double, a, b, rounding), FloatBits.MulF64(a, b, rounding), text);
            Same(Fused(Format.Double, a, b, c, rounding), FloatBits.FmaF64(a, b, c, rounding), text);
        }
    }

    [Theory]
    [MemberData(nameof(Directions))]
    public void QuotientsAndRootsOfDoublesAreTheExactOnesRoundedOnce(FloatRounding rounding)
    {
        const int seed = 14;
        Numbers numbers = new(seed, Format.Double);
        for (int trial = 0; trial < 1200; trial++)
        {
            ulong a = numbers.Next();
            ulong b = numbers.Next();
            ulong positive = a & (ulong)long.MaxValue;
            string text = $"seed {seed}, trial {trial}: {a:X16} {b:X16} {rounding}";
            Same(Root(Format.Double, positive, rounding), FloatBits.SqrtF64(positive, rounding), text);
            if ((b & (ulong)long.MaxValue) != 0)
            {
                Same(Quotient(Format.Double, a, b, rounding), FloatBits.DivF64(a, b, rounding), text);
            }
        }
    }

    [Theory]
    [MemberData(nameof(Directions))]
    public void ADoubleAndItsOppositeCancelWithDigitsFarBelow(FloatRounding rounding)
    {
        const int seed = 15;
        Random random = new(seed);
        for (int trial = 0; trial < 1000; trial++)
        {
            double a = random.NextDouble() + 0.5;
            double b = random.NextDouble() + 0.5;
            double c = -(a * b) * (1 + (random.Next(-2, 3) * Math.ScaleB(1, -random.Next(0, 110))));
            (ulong x, ulong y, ulong z) = (Bits(a), Bits(b), Bits(c));
            string text = $"seed {seed}, trial {trial}: {x:X16} {y:X16} {z:X16} {rounding}";
            Same(Fused(Format.Double, x, y, z, rounding), FloatBits.FmaF64(x, y, z, rounding), text);
        }
    }

    [Fact]
    public void ANanInSinglePrecisionIsAlwaysTheCanonicalOne()
    {
        foreach (FloatRounding rounding in Format.Directions)
        {
            foreach (uint nan in new uint[] { 0x7FC0_0000, 0xFFC0_1234, 0x7F80_0001, 0xFFFF_FFFF })
            {
                Assert.Equal(Nan, FloatBits.AddF32(nan, One, rounding, false, false));
                Assert.Equal(Nan, FloatBits.SubF32(One, nan, rounding, true, false));
                Assert.Equal(Nan, FloatBits.MulF32(nan, nan, rounding, false, false));
                Assert.Equal(Nan, FloatBits.FmaF32(One, One, nan, rounding, false, false));
                Assert.Equal(Nan, FloatBits.DivF32(nan, One, rounding, false));
                Assert.Equal(Nan, FloatBits.SqrtF32(nan, rounding, false));
            }

            Assert.Equal(Nan, FloatBits.SubF32(Infinity, Infinity, rounding, false, false));
            Assert.Equal(Nan, FloatBits.MulF32(Infinity, 0, rounding, false, false));
            Assert.Equal(Nan, FloatBits.FmaF32(Infinity, One, 0xFF80_0000, rounding, false, false));
            Assert.Equal(Nan, FloatBits.DivF32(0, 0, rounding, false));
            Assert.Equal(Nan, FloatBits.SqrtF32(0xBF80_0000, rounding, false));
        }
    }

    [Fact]
    public void InfinitiesStayInfiniteInEveryDirection()
    {
        foreach (FloatRounding rounding in Format.Directions)
        {
            Assert.Equal(Infinity, FloatBits.AddF32(Infinity, One, rounding, false, false));
            Assert.Equal(0xFF80_0000, FloatBits.MulF32(Infinity, 0xBF80_0000, rounding, false, false));
            Assert.Equal(Infinity, FloatBits.FmaF32(One, Infinity, One, rounding, false, false));
            Assert.Equal(Infinity, FloatBits.DivF32(One, 0, rounding, false));
            Assert.Equal(0xFF80_0000, FloatBits.RcpF32(0x8000_0000, rounding, false));
            Assert.Equal(0x8000_0000, FloatBits.RcpF32(0xFF80_0000, rounding, false));
            Assert.Equal(Infinity, FloatBits.SqrtF32(Infinity, rounding, false));
            Assert.Equal(0x8000_0000, FloatBits.SqrtF32(0x8000_0000, rounding, false));
            Assert.Equal(0x7FF0UL << 48, FloatBits.AddF64(0x7FF0UL << 48, 1, rounding));
            Assert.Equal(0xFFF0UL << 48, FloatBits.DivF64(Bits(-1), 0, rounding));
            Assert.Equal(1UL << 63, FloatBits.SqrtF64(1UL << 63, rounding));
        }
    }

    [Fact]
    public void ANanInDoublePrecisionKeepsItsPayloadAndBecomesQuiet()
    {
        ulong signalling = 0x7FF0_0000_0000_1234;
        foreach (FloatRounding rounding in Format.Directions)
        {
            Assert.Equal(0x7FF8_0000_0000_1234UL, FloatBits.AddF64(Bits(1), signalling, rounding));
            Assert.Equal(0x7FF8_0000_0000_1234UL, FloatBits.SubF64(Bits(1), signalling, rounding));
            Assert.Equal(0xFFF8_0000_0000_0001UL, FloatBits.MulF64(0xFFF8_0000_0000_0001, signalling, rounding));
            Assert.Equal(0x7FF8_0000_0000_1234UL, FloatBits.FmaF64(Bits(1), Bits(0), signalling, rounding));
            Assert.Equal(FloatBits.NanF64, FloatBits.MulF64(0x7FF0UL << 48, 0, rounding));
            Assert.Equal(FloatBits.NanF64, FloatBits.SqrtF64(Bits(-1), rounding));
        }
    }

    [Fact]
    public void FlushingMakesSignedZerosOfSubnormalInputsAndResults()
    {
        Assert.Equal(0x8000_0000, FloatBits.FlushF32(0x807F_FFFF));
        Assert.Equal(0x0080_0000u, FloatBits.FlushF32(0x0080_0000));
        Assert.Equal(One, FloatBits.AddF32(One, 0x007F_FFFF, FloatRounding.Up, true, false));
        Assert.Equal(One + 1, FloatBits.AddF32(One, 0x007F_FFFF, FloatRounding.Up, false, false));

        // The smallest normal number, halved, with either sign.
        Assert.Equal(0u, FloatBits.MulF32(0x0080_0000, 0x3F00_0000, FloatRounding.NearestEven, true, false));
        Assert.Equal(0x8000_0000, FloatBits.MulF32(0x8080_0000, 0x3F00_0000, FloatRounding.NearestEven, true, false));
        Assert.Equal(0x0040_0000u, FloatBits.MulF32(0x0080_0000, 0x3F00_0000, FloatRounding.NearestEven, false, false));
        Assert.Equal(Infinity, FloatBits.RcpF32(0x0000_0001, FloatRounding.NearestEven, true));
        Assert.Equal(0u, FloatBits.SqrtF32(0x0000_0001, FloatRounding.NearestEven, true));
        Assert.Equal(
            0u,
            FloatBits.FmaF32(0x0080_0000, 0x3F00_0000, 0x0000_0001, FloatRounding.TowardZero, true, false)
        );
    }

    [Fact]
    public void SaturationKeepsZeroToOneAndMakesPositiveZeroOfTheRest()
    {
        Assert.Equal(One, FloatBits.AddF32(One, One, FloatRounding.NearestEven, false, true));
        Assert.Equal(One, FloatBits.MulF32(Infinity, One, FloatRounding.NearestEven, false, true));
        Assert.Equal(0u, FloatBits.SubF32(0, One, FloatRounding.NearestEven, false, true));
        Assert.Equal(0u, FloatBits.MulF32(0x8000_0000, One, FloatRounding.NearestEven, false, true));
        Assert.Equal(0u, FloatBits.FmaF32(0x7FC0_0000, One, One, FloatRounding.NearestEven, false, true));
        Assert.Equal(0u, FloatBits.SaturateF32(0xFFC0_0000));
        Assert.Equal(0x3F40_0000u, FloatBits.SaturateF32(0x3F40_0000));
    }

    [Fact]
    public void MinimumAndMaximumPutNegativeZeroFirstAndPassOverOneNan()
    {
        uint minusZero = 0x8000_0000;
        Assert.Equal(minusZero, FloatBits.MinF32(0, minusZero, false, false));
        Assert.Equal(minusZero, FloatBits.MinF32(minusZero, 0, false, false));
        Assert.Equal(0u, FloatBits.MaxF32(minusZero, 0, false, false));
        Assert.Equal(One, FloatBits.MinF32(0x7FC0_0000, One, false, false));
        Assert.Equal(One, FloatBits.MaxF32(One, 0xFFC0_0000, false, false));
        Assert.Equal(Nan, FloatBits.MaxF32(One, 0xFFC0_0000, false, true));
        Assert.Equal(Nan, FloatBits.MinF32(0x7F80_0001, 0xFFC0_0000, false, false));
        Assert.Equal(0u, FloatBits.MaxF32(0x8000_0001, 0x0000_0001, true, false));
        Assert.Equal(1UL << 63, FloatBits.MinF64(0, 1UL << 63, false));
        Assert.Equal(Bits(2), FloatBits.MaxF64(0x7FF8UL << 48, Bits(2), false));
        Assert.True(double.IsNaN(BitConverter.UInt64BitsToDouble(FloatBits.MaxF64(0x7FF8UL << 48, Bits(2), true))));
    }

    [Fact]
    public void MinimumAndMaximumAreThoseOfTheNumbers()
    {
        const int seed = 16;
        Numbers singles = new(seed, Format.Single);
        Numbers doubles = new(seed, Format.Double);
        for (int trial = 0; trial < 20000; trial++)
        {
            uint a = (uint)singles.Next();
            uint b = (uint)singles.Next();
            (float x, float y) = (BitConverter.UInt32BitsToSingle(a), BitConverter.UInt32BitsToSingle(b));
            string text = $"seed {seed}, trial {trial}: {a:X8} {b:X8}";
            Same(BitConverter.SingleToUInt32Bits(MathF.Min(x, y)), FloatBits.MinF32(a, b, false, false), text);
            Same(BitConverter.SingleToUInt32Bits(MathF.Max(x, y)), FloatBits.MaxF32(a, b, false, false), text);
            double v = BitConverter.UInt64BitsToDouble(doubles.Next());
            double w = BitConverter.UInt64BitsToDouble(doubles.Next());
            Same(Bits(Math.Min(v, w)), FloatBits.MinF64(Bits(v), Bits(w), false), text);
            Same(Bits(Math.Max(v, w)), FloatBits.MaxF64(Bits(v), Bits(w), true), text);
        }
    }

    [Fact]
    public void SignsChangeWithoutTouchingTheRest()
    {
        Assert.Equal(0xBF80_0000, FloatBits.NegF32(One, false));
        Assert.Equal(0u, FloatBits.NegF32(0x8000_0001, true));
        Assert.Equal(One, FloatBits.AbsF32(0xBF80_0000, false));
        Assert.Equal(0u, FloatBits.AbsF32(0x8000_0001, true));
        Assert.Equal(Bits(-3), FloatBits.NegF64(Bits(3)));
        Assert.Equal(Bits(3), FloatBits.AbsF64(Bits(-3)));
    }

    internal static ulong Sum(Format format, ulong a, ulong b, FloatRounding rounding)
    {
        bool bothNegative = (a & b & format.SignBit) != 0;
        bool bothPositive = ((a | b) & format.SignBit) == 0;
        bool minusZero = bothNegative || (!bothPositive && rounding == FloatRounding.Down);
        return format.Round(format.Value(a) + format.Value(b), rounding, minusZero);
    }

    internal static ulong Product(Format format, ulong a, ulong b, FloatRounding rounding) =>
        format.Round(format.Value(a) * format.Value(b), rounding, ((a ^ b) & format.SignBit) != 0);

    internal static ulong Fused(Format format, ulong a, ulong b, ulong c, FloatRounding rounding)
    {
        ulong product = (a ^ b) & format.SignBit;
        bool same = product == (c & format.SignBit);
        bool minusZero = same ? product != 0 : rounding == FloatRounding.Down;
        return format.Round((format.Value(a) * format.Value(b)) + format.Value(c), rounding, minusZero);
    }

    private static ulong Quotient(Format format, ulong a, ulong b, FloatRounding rounding) =>
        format.Round(format.Value(a) / format.Value(b), rounding, ((a ^ b) & format.SignBit) != 0);

    private static ulong Root(Format format, ulong a, FloatRounding rounding)
    {
        Fraction radicand = format.Value(a);
        return format.Round(false, number => (number * number).Against(radicand), rounding);
    }

    private static void Same(ulong expected, ulong actual, string text) =>
        Assert.True(expected == actual, $"{text}: expected {expected:X}, got {actual:X}");

    private static ulong Bits(double value) => BitConverter.DoubleToUInt64Bits(value);
}
