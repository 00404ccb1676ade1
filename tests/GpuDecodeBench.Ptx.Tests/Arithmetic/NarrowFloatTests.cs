using GpuDecodeBench.Ptx.Arithmetic;

namespace GpuDecodeBench.Ptx.Tests.Arithmetic;

/// <summary>Half and bfloat16: every one of their 65536 numbers where one is enough, a stride of pairs, seeded triples.</summary>
public sealed class NarrowFloatTests
{
    private const ushort Nan = 0x7FFF;

    [Fact]
    public void EveryHalfIsWidenedToItsOwnValue()
    {
        for (int bits = 0; bits <= 0xFFFF; bits++)
        {
            float expected = (float)BitConverter.UInt16BitsToHalf((ushort)bits);
            float actual = HalfBits.ToSingle((ushort)bits);
            if (float.IsNaN(expected))
            {
                Assert.Equal(0x7FFF_FFFFu, BitConverter.SingleToUInt32Bits(actual));
                Assert.True(HalfBits.IsNan((ushort)bits));
            }
            else
            {
                Assert.Equal(BitConverter.SingleToUInt32Bits(expected), BitConverter.SingleToUInt32Bits(actual));
            }
        }
    }

    [Fact]
    public void EveryHalfItsMidpointsAndTheirNeighboursAreRoundedAsTheRuntimeRounds()
    {
        for (int bits = 0; bits < 0x7C00; bits++)
        {
            float here = (float)BitConverter.UInt16BitsToHalf((ushort)bits);
            float next = bits == 0x7BFF ? 65536 : (float)BitConverter.UInt16BitsToHalf((ushort)(bits + 1));
            float middle = (here + next) / 2;
            foreach (float value in new[] { here, middle, MathF.BitIncrement(middle), MathF.BitDecrement(middle) })
            {
                ushort expected = BitConverter.HalfToUInt16Bits((Half)value);
                Assert.Equal(expected, HalfBits.FromSingle(value, FloatRounding.NearestEven));
                Assert.Equal(expected | 0x8000, HalfBits.FromSingle(-value, FloatRounding.NearestEven));
            }
        }
    }

    [Fact]
    public void EveryBf16AndEveryHalfSurvivesTheWayThroughAFloatInEveryDirection()
    {
        for (int code = 0; code <= 0xFFFF; code++)
        {
            ushort bits = (ushort)code;
            foreach (FloatRounding rounding in Format.Directions)
            {
                Assert.Equal(HalfBits.IsNan(bits) ? Nan : bits, HalfBits.FromSingle(HalfBits.ToSingle(bits), rounding));
                Assert.Equal(Bf16Bits.IsNan(bits) ? Nan : bits, Bf16Bits.FromSingle(Bf16Bits.ToSingle(bits), rounding));
                Assert.Equal(Bf16Bits.IsNan(bits) ? Nan : bits, Bf16Bits.FromDouble(Bf16Bits.ToSingle(bits), rounding));
            }
        }
    }

    [Fact]
    public void FloatsAndDoublesAreRoundedToTheNeighbourThatTheDirectionNames()
    {
        const int seed = 21;
        Numbers singles = new(seed, Format.Single);
        Random random = new(seed);
        for (int trial = 0; trial < 4000; trial++)
        {
            float single = BitConverter.UInt32BitsToSingle((uint)singles.Next());
            double wide = BitConverter.UInt64BitsToDouble(
                ((ulong)random.Next(1023 - 150, 1023 + 20) << 52) | (ulong)random.NextInt64(1L << 52)
            );
            double both = trial % 2 == 0 ? wide : -wide;
            Fraction exact = Format.Single.Value(BitConverter.SingleToUInt32Bits(single));
            Fraction exactWide = Format.Double.Value(BitConverter.DoubleToUInt64Bits(both));
            bool minus = float.IsNegative(single);
            foreach (FloatRounding rounding in Format.Directions)
            {
                string text = $"seed {seed}, trial {trial}: {single:R} {both:R} {rounding}";
                Same(Format.Half.Round(exact, rounding, minus), HalfBits.FromSingle(single, rounding), text);
                Same(Format.Brain.Round(exact, rounding, minus), Bf16Bits.FromSingle(single, rounding), text);
                Same(Format.Half.Round(exactWide, rounding), HalfBits.FromDouble(both, rounding), text);
                Same(Format.Brain.Round(exactWide, rounding), Bf16Bits.FromDouble(both, rounding), text);
            }
        }
    }

    [Fact]
    public void SumsDifferencesAndProductsOfHalvesAreThoseOfTheRuntimeOverAStrideOfAllPairs()
    {
        for (int a = 0; a <= 0xFFFF; a += 53)
        {
            Half x = BitConverter.UInt16BitsToHalf((ushort)a);
            for (int b = a % 97; b <= 0xFFFF; b += 97)
            {
                Half y = BitConverter.UInt16BitsToHalf((ushort)b);
                string text = $"{a:X4} {b:X4}";
                Same(Canonical(x + y), HalfBits.Add((ushort)a, (ushort)b, false, false), text);
                Same(Canonical(x - y), HalfBits.Sub((ushort)a, (ushort)b, false, false), text);
                Same(Canonical(x * y), HalfBits.Mul((ushort)a, (ushort)b, false, false), text);
            }
        }
    }

    [Fact]
    public void FusedSumsOfHalvesAreRoundedOnce()
    {
        const int seed = 22;
        Numbers numbers = new(seed, Format.Half);
        for (int trial = 0; trial < 100000; trial++)
        {
            ushort a = (ushort)numbers.Next();
            ushort b = (ushort)numbers.Next();
            ushort c = (ushort)numbers.Next();
            Same(
                FloatBitsTests.Fused(Format.Half, a, b, c, FloatRounding.NearestEven),
                HalfBits.Fma(a, b, c, false, false, false),
                $"seed {seed}, trial {trial}: {a:X4} {b:X4} {c:X4}"
            );
        }
    }

    [Fact]
    public void OperationsOnBf16AreRoundedOnce()
    {
        const int seed = 23;
        Numbers numbers = new(seed, Format.Brain);
        for (int trial = 0; trial < 20000; trial++)
        {
            ushort a = (ushort)numbers.Next();
            ushort b = (ushort)numbers.Next();
            ushort c = (ushort)numbers.Next();
            string text = $"seed {seed}, trial {trial}: {a:X4} {b:X4} {c:X4}";
            const FloatRounding nearest = FloatRounding.NearestEven;
            Same(FloatBitsTests.Sum(Format.Brain, a, b, nearest), Bf16Bits.Add(a, b), text);
            Same(FloatBitsTests.Sum(Format.Brain, a, b ^ 0x8000UL, nearest), Bf16Bits.Sub(a, b), text);
            Same(FloatBitsTests.Product(Format.Brain, a, b, nearest), Bf16Bits.Mul(a, b), text);
            Same(FloatBitsTests.Fused(Format.Brain, a, b, c, nearest), Bf16Bits.Fma(a, b, c, false), text);
        }
    }

    [Fact]
    public void AFusedSumKeepsADigitThatADoubleCannotHold()
    {
        // 1.5 x 1.0078125 is half way between two numbers; the smallest one on top, far beyond 53 bits, decides.
        const ushort x = 0x3FC0;
        const ushort y = 0x3F81;
        ulong expected = FloatBitsTests.Fused(Format.Brain, x, y, 0x0001, FloatRounding.NearestEven);
        ulong opposite = FloatBitsTests.Fused(Format.Brain, x, y, 0x8001, FloatRounding.NearestEven);
        Assert.NotEqual(expected, opposite);
        Assert.Equal(expected, Bf16Bits.Fma(x, y, 0x0001, false));
        Assert.Equal(opposite, Bf16Bits.Fma(x, y, 0x8001, false));
    }

    [Fact]
    public void InvalidOperationsAndNanGiveTheCanonicalNan()
    {
        Assert.Equal(Nan, HalfBits.Sub(0x7C00, 0x7C00, false, false));
        Assert.Equal(Nan, HalfBits.Mul(0x7C00, 0x8000, false, false));
        Assert.Equal(Nan, HalfBits.Fma(0x7C00, 0x3C00, 0xFC00, false, false, true));
        Assert.Equal(Nan, HalfBits.Add(0xFE00, 0x3C00, true, false));
        Assert.Equal(Nan, Bf16Bits.Sub(0x7F80, 0x7F80));
        Assert.Equal(Nan, Bf16Bits.Mul(0x7F80, 0x0000));
        Assert.Equal(Nan, Bf16Bits.Fma(0x3F80, 0x3F80, 0xFFC0, true));
        Assert.Equal(0x7C00, HalfBits.Fma(0x7C00, 0x3C00, 0x3C00, false, false, false));
        Assert.Equal(0xFF80, Bf16Bits.Fma(0x7F80, 0xBF80, 0x3F80, false));
        Assert.Equal(0xFF80, Bf16Bits.Add(0xFF80, 0x7F7F));
    }

    [Fact]
    public void ModifiersFlushSaturateAndRectify()
    {
        Assert.Equal(0x8000, HalfBits.Flush(0x83FF));
        Assert.Equal(0x0400, HalfBits.Flush(0x0400));
        Assert.Equal(0x3C00, HalfBits.Add(0x3C00, 0x3C00, false, true));
        Assert.Equal(0, HalfBits.Sub(0, 0x3C00, false, true));
        Assert.Equal(0, HalfBits.Add(0x7E00, 0x3C00, false, true));
        Assert.Equal(0, HalfBits.Mul(0x8000, 0x3C00, false, true));
        Assert.Equal(0x8000, HalfBits.Mul(0x8400, 0x3800, true, false));
        Assert.Equal(0x8200, HalfBits.Mul(0x8400, 0x3800, false, false));
        Assert.Equal(0, HalfBits.Fma(0x3C00, 0xBC00, 0, false, false, true));
        Assert.Equal(0, HalfBits.Fma(0x8000, 0x3C00, 0x8000, false, false, true));
        Assert.Equal(0, Bf16Bits.Fma(0x3F80, 0xBF80, 0, true));
        Assert.Equal(0x3F80, Bf16Bits.Fma(0x3F80, 0x3F80, 0, true));
    }

    [Fact]
    public void MinimumAndMaximumAreThoseOfTheNumbersOverAStrideOfAllPairs()
    {
        for (int a = 0; a <= 0xFFFF; a += 61)
        {
            for (int b = a % 89; b <= 0xFFFF; b += 89)
            {
                (ushort x, ushort y) = ((ushort)a, (ushort)b);
                string text = $"{a:X4} {b:X4}";
                (bool nanX, bool nanY) = (Half.IsNaN(AsHalf(x)), Half.IsNaN(AsHalf(y)));
                ushort one = nanX
                    ? nanY
                        ? Nan
                        : y
                    : x;
                ushort least = nanX || nanY ? one : BitConverter.HalfToUInt16Bits(Half.Min(AsHalf(x), AsHalf(y)));
                ushort most = nanX || nanY ? one : BitConverter.HalfToUInt16Bits(Half.Max(AsHalf(x), AsHalf(y)));
                Same(least, HalfBits.Min(x, y, false, false), text);
                Same(most, HalfBits.Max(x, y, false, false), text);
                Same(nanX || nanY ? Nan : least, HalfBits.Min(x, y, false, true), text);
                Same(nanX || nanY ? Nan : most, HalfBits.Max(x, y, false, true), text);

                (float v, float w) = (Bf16Bits.ToSingle(x), Bf16Bits.ToSingle(y));
                bool brainNan = float.IsNaN(v) || float.IsNaN(w);
                ushort oneBrain = float.IsNaN(v)
                    ? float.IsNaN(w)
                        ? Nan
                        : y
                    : x;
                Same(brainNan ? oneBrain : Upper(MathF.Min(v, w)), Bf16Bits.Min(x, y, false), text);
                Same(brainNan ? oneBrain : Upper(MathF.Max(v, w)), Bf16Bits.Max(x, y, false), text);
                Same(brainNan ? Nan : Upper(MathF.Max(v, w)), Bf16Bits.Max(x, y, true), text);
            }
        }

        Assert.Equal(0, HalfBits.Max(0x8001, 0x8002, true, false) & 0x7FFF);
    }

    [Fact]
    public void SignsOfEveryNumberChange()
    {
        for (int bits = 0; bits <= 0xFFFF; bits++)
        {
            Assert.Equal(bits ^ 0x8000, HalfBits.Neg((ushort)bits, false));
            Assert.Equal(bits & 0x7FFF, HalfBits.Abs((ushort)bits, false));
            Assert.Equal(bits ^ 0x8000, Bf16Bits.Neg((ushort)bits));
            Assert.Equal(bits & 0x7FFF, Bf16Bits.Abs((ushort)bits));
        }

        Assert.Equal(0x8000, HalfBits.Neg(0x0001, true));
        Assert.Equal(0, HalfBits.Abs(0x8001, true));
    }

    [Fact]
    public void PairsAreTwoSeparateOperations()
    {
        const int seed = 24;
        Random random = new(seed);
        for (int trial = 0; trial < 20000; trial++)
        {
            uint a = (uint)random.NextInt64(1L << 32);
            uint b = (uint)random.NextInt64(1L << 32);
            uint c = (uint)random.NextInt64(1L << 32);
            bool flag = trial % 2 == 0;
            bool other = trial % 3 == 0;
            string text = $"seed {seed}, trial {trial}: {a:X8} {b:X8} {c:X8}";
            Pair(HalfBits.AddX2(a, b, flag, other), (x, y, _) => HalfBits.Add(x, y, flag, other));
            Pair(HalfBits.SubX2(a, b, flag, other), (x, y, _) => HalfBits.Sub(x, y, flag, other));
            Pair(HalfBits.MulX2(a, b, flag, other), (x, y, _) => HalfBits.Mul(x, y, flag, other));
            Pair(HalfBits.FmaX2(a, b, c, flag, false, other), (x, y, z) => HalfBits.Fma(x, y, z, flag, false, other));
            Pair(HalfBits.MinX2(a, b, flag, other), (x, y, _) => HalfBits.Min(x, y, flag, other));
            Pair(HalfBits.MaxX2(a, b, flag, other), (x, y, _) => HalfBits.Max(x, y, flag, other));
            Pair(HalfBits.NegX2(a, flag), (x, _, _) => HalfBits.Neg(x, flag));
            Pair(HalfBits.AbsX2(a, flag), (x, _, _) => HalfBits.Abs(x, flag));
            Pair(Bf16Bits.AddX2(a, b), (x, y, _) => Bf16Bits.Add(x, y));
            Pair(Bf16Bits.SubX2(a, b), (x, y, _) => Bf16Bits.Sub(x, y));
            Pair(Bf16Bits.MulX2(a, b), (x, y, _) => Bf16Bits.Mul(x, y));
            Pair(Bf16Bits.FmaX2(a, b, c, flag), (x, y, z) => Bf16Bits.Fma(x, y, z, flag));
            Pair(Bf16Bits.MinX2(a, b, flag), (x, y, _) => Bf16Bits.Min(x, y, flag));
            Pair(Bf16Bits.MaxX2(a, b, flag), (x, y, _) => Bf16Bits.Max(x, y, flag));
            Pair(Bf16Bits.NegX2(a), (x, _, _) => Bf16Bits.Neg(x));
            Pair(Bf16Bits.AbsX2(a), (x, _, _) => Bf16Bits.Abs(x));

            void Pair(uint actual, Func<ushort, ushort, ushort, ushort> single)
            {
                uint low = single((ushort)a, (ushort)b, (ushort)c);
                uint high = single((ushort)(a >> 16), (ushort)(b >> 16), (ushort)(c >> 16));
                Same((high << 16) | low, actual, text);
            }
        }
    }

    private static Half AsHalf(ushort bits) => BitConverter.UInt16BitsToHalf(bits);

    private static ushort Upper(float value) => (ushort)(BitConverter.SingleToUInt32Bits(value) >> 16);

    private static ushort Canonical(Half value) => Half.IsNaN(value) ? Nan : BitConverter.HalfToUInt16Bits(value);

    private static void Same(ulong expected, ulong actual, string text)
    {
        if (expected != actual)
        {
            Assert.Fail($"{text}: expected {expected:X}, got {actual:X}");
        }
    }
}
