using System.Numerics;
using GpuDecodeBench.Ptx.Arithmetic;

namespace GpuDecodeBench.Ptx.Tests.Arithmetic;

public sealed class ConversionsTests
{
    private static readonly NumberType[] Integers =
    [
        NumberType.U8,
        NumberType.S8,
        NumberType.U16,
        NumberType.S16,
        NumberType.U32,
        NumberType.S32,
        NumberType.U64,
        NumberType.S64,
    ];

    private static readonly (NumberType Type, Format Format)[] Floats =
    [
        (NumberType.F16, Format.Half),
        (NumberType.BF16, Format.Brain),
        (NumberType.F32, Format.Single),
        (NumberType.F64, Format.Double),
    ];

    private static readonly (ConversionRounding Conversion, FloatRounding Direction)[] Directions =
    [
        (ConversionRounding.NearestEven, FloatRounding.NearestEven),
        (ConversionRounding.TowardZero, FloatRounding.TowardZero),
        (ConversionRounding.Down, FloatRounding.Down),
        (ConversionRounding.Up, FloatRounding.Up),
    ];

    [Fact]
    public void IntegersBecomeIntegersModuloTheirRangeOrWithinIt()
    {
        const int seed = 31;
        Random random = new(seed);
        for (int trial = 0; trial < 400; trial++)
        {
            ulong bits = Pattern(random);
            foreach (NumberType from in Integers)
            {
                foreach (NumberType to in Integers)
                {
                    BigInteger value = Wrap(bits, from);
                    string text = $"seed {seed}, trial {trial}: {bits:X16} {from} to {to}";
                    ulong wrapped = Conversions.Convert(from, to, bits, ConversionRounding.None, false, false);
                    ulong limited = Conversions.Convert(from, to, bits, ConversionRounding.None, false, true);
                    BigInteger within = BigInteger.Min(BigInteger.Max(value, Least(to)), Most(to));
                    Same(Bits(Wrap((ulong)(value & ulong.MaxValue), to)), wrapped, text);
                    Same(Bits(within), limited, text);
                }
            }
        }
    }

    [Fact]
    public void IntegersBecomeTheFloatThatTheDirectionNames()
    {
        const int seed = 32;
        Random random = new(seed);
        for (int trial = 0; trial < 150; trial++)
        {
            ulong bits = Pattern(random);
            foreach (NumberType from in Integers)
            {
                Fraction exact = new(Wrap(bits, from), 1);
                foreach ((NumberType to, Format format) in Floats)
                {
                    foreach ((ConversionRounding conversion, FloatRounding direction) in Directions)
                    {
                        Same(
                            format.Round(exact, direction),
                            Conversions.Convert(from, to, bits, conversion, false, false),
                            $"seed {seed}, trial {trial}: {bits:X16} {from} to {to} {conversion}"
                        );
                    }
                }
            }
        }
    }

    [Fact]
    public void FloatsBecomeIntegersRoundedAsNamedAndWithinTheRange()
    {
        const int seed = 33;
        Random random = new(seed);
        foreach ((NumberType from, Format format) in Floats)
        {
            for (int trial = 0; trial < 400; trial++)
            {
                ulong bits = NearInteger(random, format);
                Fraction value = format.Value(bits);
                foreach (NumberType to in Integers)
                {
                    foreach (
                        ConversionRounding rounding in new[]
                        {
                            ConversionRounding.NearestEvenInteger,
                            ConversionRounding.TowardZeroInteger,
                            ConversionRounding.DownInteger,
                            ConversionRounding.UpInteger,
                        }
                    )
                    {
                        BigInteger whole = Whole(value, rounding);
                        Same(
                            Bits(BigInteger.Min(BigInteger.Max(whole, Least(to)), Most(to))),
                            Conversions.Convert(from, to, bits, rounding, false, trial % 2 == 0),
                            $"seed {seed}, trial {trial}: {bits:X} {from} to {to} {rounding}"
                        );
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(NumberType.F32, NumberType.S32, 0UL)]
    [InlineData(NumberType.F32, NumberType.U32, 0UL)]
    [InlineData(NumberType.F32, NumberType.S16, 0UL)]
    [InlineData(NumberType.F16, NumberType.U8, 0UL)]
    [InlineData(NumberType.F32, NumberType.U64, 0x8000_0000_0000_0000UL)]
    [InlineData(NumberType.F32, NumberType.S64, 0x8000_0000_0000_0000UL)]
    [InlineData(NumberType.BF16, NumberType.S64, 0x8000_0000_0000_0000UL)]
    [InlineData(NumberType.F64, NumberType.U32, 0x8000_0000UL)]
    [InlineData(NumberType.F64, NumberType.S32, 0xFFFF_FFFF_8000_0000UL)]
    [InlineData(NumberType.F64, NumberType.U64, 0x8000_0000_0000_0000UL)]
    public void ANanBecomesTheIntegerThatTheIsaNames(NumberType from, NumberType to, ulong expected)
    {
        ulong nan = from switch
        {
            NumberType.F64 => 0x7FF8UL << 48,
            NumberType.F32 => 0xFFC0_0000,
            _ => 0x7FFF,
        };
        Assert.Equal(expected, Conversions.Convert(from, to, nan, ConversionRounding.NearestEvenInteger, false, false));
    }

    [Fact]
    public void InfinitiesBecomeTheEndsOfTheRange()
    {
        foreach ((NumberType from, Format format) in Floats)
        {
            foreach (NumberType to in Integers)
            {
                const ConversionRounding rounding = ConversionRounding.TowardZeroInteger;
                Assert.Equal(Bits(Most(to)), Conversions.Convert(from, to, format.Infinity, rounding, false, false));
                ulong minus = format.Infinity | format.SignBit;
                Assert.Equal(Bits(Least(to)), Conversions.Convert(from, to, minus, rounding, false, false));
            }
        }
    }

    [Fact]
    public void FloatsBecomeTheFloatThatTheDirectionNames()
    {
        const int seed = 34;
        foreach ((NumberType from, Format source) in Floats)
        {
            Numbers numbers = new(seed, source);
            for (int trial = 0; trial < 300; trial++)
            {
                ulong bits = numbers.Next();
                bool minus = (bits & source.SignBit) != 0;
                foreach ((NumberType to, Format target) in Floats)
                {
                    foreach ((ConversionRounding conversion, FloatRounding direction) in Directions)
                    {
                        Same(
                            target.Round(source.Value(bits), direction, minus),
                            Conversions.Convert(from, to, bits, conversion, false, false),
                            $"seed {seed}, trial {trial}: {bits:X} {from} to {to} {conversion}"
                        );
                    }
                }
            }
        }
    }

    [Fact]
    public void AFloatIsRoundedToAnIntegerOfItsOwnTypeAndKeepsItsSign()
    {
        Assert.Equal(0x8000_0000u, Integral(-0.5f, ConversionRounding.NearestEvenInteger));
        Assert.Equal(Single(2), Integral(2.5f, ConversionRounding.NearestEvenInteger));
        Assert.Equal(Single(4), Integral(3.5f, ConversionRounding.NearestEvenInteger));
        Assert.Equal(Single(-2), Integral(-2.9f, ConversionRounding.TowardZeroInteger));
        Assert.Equal(Single(-3), Integral(-2.1f, ConversionRounding.DownInteger));
        Assert.Equal(0x8000_0000u, Integral(-0.9f, ConversionRounding.UpInteger));
        Assert.Equal(Single(1e30f), Integral(1e30f, ConversionRounding.UpInteger));
        Assert.Equal(0x7F80_0000u, Integral(float.PositiveInfinity, ConversionRounding.DownInteger));

        static ulong Integral(float value, ConversionRounding rounding) =>
            Conversions.Convert(NumberType.F32, NumberType.F32, Single(value), rounding, false, false);
    }

    [Fact]
    public void ModifiersFlushSinglesAndLimitFloats()
    {
        ulong flushed = Conversions.Convert(
            NumberType.F32,
            NumberType.F64,
            0x8000_0001,
            ConversionRounding.None,
            true,
            false
        );
        Assert.Equal(1UL << 63, flushed);
        ulong tiny = BitConverter.DoubleToUInt64Bits(1e-40);
        Assert.Equal(0UL, Convert(NumberType.F64, NumberType.F32, tiny, flush: true, saturate: false));
        Assert.NotEqual(0UL, Convert(NumberType.F64, NumberType.F32, tiny, flush: false, saturate: false));
        Assert.Equal(Single(1), Convert(NumberType.F32, NumberType.F32, Single(7), false, saturate: true));
        Assert.Equal(0UL, Convert(NumberType.F32, NumberType.F32, 0xFFC0_0000, false, saturate: true));
        Assert.Equal(0x3C00UL, Convert(NumberType.F32, NumberType.F16, Single(7), false, saturate: true));
        Assert.Equal(0UL, Convert(NumberType.S32, NumberType.F16, uint.MaxValue, false, saturate: true));
        Assert.Equal(0x3F80UL, Convert(NumberType.U64, NumberType.BF16, ulong.MaxValue, false, saturate: true));
    }

    [Theory]
    [InlineData(NumberType.F64, NumberType.F32, 0x7FF8_0000_0000_0001UL, 0x7FFF_FFFFUL)]
    [InlineData(NumberType.F32, NumberType.F16, 0xFFC0_0000UL, 0x7FFFUL)]
    [InlineData(NumberType.F32, NumberType.BF16, 0xFFC0_0000UL, 0x7FFFUL)]
    [InlineData(NumberType.F16, NumberType.F32, 0xFE00UL, 0x7FFF_FFFFUL)]
    [InlineData(NumberType.BF16, NumberType.F32, 0xFFC0UL, 0x7FFF_FFFFUL)]
    [InlineData(NumberType.F32, NumberType.F64, 0xFFC0_0001UL, 0xFFF8_0000_2000_0000UL)]
    public void ANanBecomesANan(NumberType from, NumberType to, ulong bits, ulong expected) =>
        Assert.Equal(expected, Convert(from, to, bits, false, false));

    [Fact]
    public void PairsHoldTheFirstNumberAbove()
    {
        const ConversionRounding nearest = ConversionRounding.NearestEven;
        Assert.Equal(0x3C00_C000u, Conversions.PackF16x2(Single(1), Single(-2), nearest, false, false));
        Assert.Equal(0x3C00_0000u, Conversions.PackF16x2(Single(1), Single(-2), nearest, true, false));
        Assert.Equal(0x7C00_FC00u, Conversions.PackF16x2(Single(65520), Single(-1e9f), nearest, false, false));
        Assert.Equal(0x7BFF_FBFFu, Conversions.PackF16x2(Single(65520), Single(-1e9f), nearest, false, true));
        Assert.Equal(0x7FFF_7BFFu, Conversions.PackF16x2(0xFFC0_0000, 0x7F80_0000, nearest, true, true));
        Assert.Equal(0x3F80_C000u, Conversions.PackBf16x2(Single(1), Single(-2), nearest, false, false));
        Assert.Equal(0x3F80_0000u, Conversions.PackBf16x2(Single(1), Single(-2), nearest, true, false));
        Assert.Equal(0x7F7F_FF7Fu, Conversions.PackBf16x2(0x7F7F_FFFF, 0xFF80_0000, nearest, false, true));
        Assert.Equal(0x7F80_FF80u, Conversions.PackBf16x2(0x7F7F_FFFF, 0xFF80_0000, nearest, false, false));
        Assert.Equal(
            0x7F7F_3F80u,
            Conversions.PackBf16x2(0x7F7F_FFFF, 0x3F80_FFFF, ConversionRounding.TowardZero, false, false)
        );
    }

    [Fact]
    public void Tf32KeepsTenBitsOfFraction()
    {
        const uint half = 0x3F80_1000;
        Assert.Equal(0x3F80_2000u, Conversions.ToTf32(half, ConversionRounding.NearestAway, false, false));
        Assert.Equal(0x3F80_0000u, Conversions.ToTf32(half, ConversionRounding.NearestEven, false, false));
        Assert.Equal(0x3F80_4000u, Conversions.ToTf32(0x3F80_3000, ConversionRounding.NearestEven, false, false));
        Assert.Equal(0x3F80_0000u, Conversions.ToTf32(0x3F80_1FFF, ConversionRounding.TowardZero, false, false));
        Assert.Equal(0xBF80_2000u, Conversions.ToTf32(0xBF80_1000, ConversionRounding.NearestAway, false, false));
        Assert.Equal(0u, Conversions.ToTf32(0xBF80_1000, ConversionRounding.NearestEven, true, false));
        Assert.Equal(0x7F80_0000u, Conversions.ToTf32(0x7F7F_FFFF, ConversionRounding.NearestAway, false, false));
        Assert.Equal(0x7F7F_E000u, Conversions.ToTf32(0x7F7F_FFFF, ConversionRounding.NearestAway, false, true));
        Assert.True(
            float.IsNaN(
                BitConverter.UInt32BitsToSingle(
                    Conversions.ToTf32(0xFFFF_FFFF, ConversionRounding.NearestAway, false, true)
                )
            )
        );
    }

    [Fact]
    public void PackedIntegersAreLimited()
    {
        Assert.Equal(0xFFFF_0000u, Conversions.PackSaturated16(70000, -5, signed: false));
        Assert.Equal(0x7FFF_8000u, Conversions.PackSaturated16(70000, -70000, signed: true));
        Assert.Equal(0x5678_FF00u, Conversions.PackSaturated8(300, -5, 0x1234_5678, signed: false));
        Assert.Equal(0x5678_7FFBu, Conversions.PackSaturated8(300, -5, 0x1234_5678, signed: true));
    }

    private static ulong Convert(NumberType from, NumberType to, ulong bits, bool flush, bool saturate) =>
        Conversions.Convert(from, to, bits, ConversionRounding.NearestEven, flush, saturate);

    private static uint Single(float value) => BitConverter.SingleToUInt32Bits(value);

    private static int Width(NumberType type) => 8 << ((int)type / 2);

    private static bool Signed(NumberType type) => (int)type % 2 == 1;

    private static BigInteger Most(NumberType type) =>
        (BigInteger.One << (Signed(type) ? Width(type) - 1 : Width(type))) - 1;

    private static BigInteger Least(NumberType type) => Signed(type) ? -Most(type) - 1 : 0;

    private static BigInteger Wrap(ulong bits, NumberType type)
    {
        BigInteger range = BigInteger.One << Width(type);
        BigInteger value = bits % range;
        return value > Most(type) ? value - range : value;
    }

    private static ulong Bits(BigInteger value) => (ulong)(value & ulong.MaxValue);

    private static ulong Pattern(Random random)
    {
        ulong bits = (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
        return random.Next(3) switch
        {
            0 => bits,
            1 => 0 - bits,
            _ => (1UL << random.Next(64)) + (ulong)random.Next(-2, 3),
        };
    }

    private static ulong NearInteger(Random random, Format format)
    {
        // Quarters up to a few hundred, and everything around the powers of two that end the ranges.
        if (random.Next(2) == 0)
        {
            return format.Round(new Fraction(random.Next(-1200, 1200), 4), FloatRounding.TowardZero);
        }

        BigInteger power = BigInteger.One << random.Next(6, 66);
        BigInteger top = (power * 4) + random.Next(-9, 9);
        ulong bits = format.Round(new Fraction(random.Next(2) == 0 ? top : -top, 4), FloatRounding.TowardZero);
        return format.IsFinite(bits + 1) ? bits + (ulong)random.Next(0, 2) : bits;
    }

    private static BigInteger Whole(Fraction value, ConversionRounding rounding)
    {
        BigInteger floor = BigInteger.Divide(value.Top - Modulo(value), value.Bottom);
        BigInteger rest = Modulo(value) * 2;
        bool up = rounding switch
        {
            ConversionRounding.UpInteger => !rest.IsZero,
            ConversionRounding.TowardZeroInteger => !rest.IsZero && value.Top.Sign < 0,
            ConversionRounding.NearestEvenInteger => rest > value.Bottom || (rest == value.Bottom && !floor.IsEven),
            _ => false,
        };
        return up ? floor + 1 : floor;
    }

    private static BigInteger Modulo(Fraction value) => ((value.Top % value.Bottom) + value.Bottom) % value.Bottom;

    private static void Same(ulong expected, ulong actual, string text)
    {
        if (expected != actual)
        {
            Assert.Fail($"{text}: expected {expected:X}, got {actual:X}");
        }
    }
}
