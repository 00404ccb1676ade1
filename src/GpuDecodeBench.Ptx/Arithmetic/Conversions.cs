using System.Runtime.CompilerServices;

namespace GpuDecodeBench.Ptx.Arithmetic;

/// <summary>The conversions of <c>cvt</c>, on raw bits (PTX ISA, "Data Movement and Conversion Instructions: cvt").</summary>
public static partial class Conversions
{
    /// <summary>
    /// <c>cvt{.rnd}{.ftz}{.sat}.to.from</c>. Floats become integers within the range of the integer type, with and without
    /// <c>.sat</c>; a NaN becomes zero, or, from <c>.f64</c> or to 64 bits, the integer with only the highest bit set. Integers
    /// become integers by dropping high bits, or with <c>.sat</c> the nearest of the range. A NaN becomes the destination's
    /// canonical NaN (what <c>cvt</c> makes of a NaN between floats is not specified further), except that from <c>.f32</c> to
    /// <c>.f64</c> its payload is kept.
    /// </summary>
    /// <param name="from">The source type.</param>
    /// <param name="to">The destination type.</param>
    /// <param name="bits">The source; bits beyond its type are not read.</param>
    /// <param name="rounding">How the value is rounded; without one a float goes to an integer towards zero.</param>
    /// <param name="flush">Whether subnormal <c>.f32</c> inputs and results become zeros (<c>.ftz</c>).</param>
    /// <param name="saturate">
    /// Whether the result is limited (<c>.sat</c>): to the range of an integer type, to 0 to 1 for a float, where a NaN becomes zero.
    /// </param>
    /// <returns>The bits of the destination type; those of a signed integer are extended by its sign to 64 bits.</returns>
    public static ulong Convert(
        NumberType from,
        NumberType to,
        ulong bits,
        ConversionRounding rounding,
        bool flush,
        bool saturate
    )
    {
        if (from < NumberType.F16)
        {
            return to < NumberType.F16
                ? IntegerToInteger(from, to, bits, saturate)
                : IntegerToFloat(from, to, bits, DirectionOf(rounding), saturate);
        }

        double value = ToDouble(from, bits, flush);
        return to < NumberType.F16
            ? FloatToInteger(from, to, value, rounding)
            : FloatToFloat(from, to, bits, value, rounding, flush, saturate);
    }

    /// <summary>The direction for a float that a modifier of <c>cvt</c> asks for; what names none is to the nearest even number.</summary>
    /// <param name="rounding">The modifier.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static FloatRounding DirectionOf(ConversionRounding rounding) =>
        rounding switch
        {
            ConversionRounding.TowardZero => FloatRounding.TowardZero,
            ConversionRounding.Down => FloatRounding.Down,
            ConversionRounding.Up => FloatRounding.Up,
            _ => FloatRounding.NearestEven,
        };

    /// <summary>The integer that a float is rounded to, still as a float; the sign of a zero is kept (IEEE 754-2019, 5.9).</summary>
    /// <param name="value">The number.</param>
    /// <param name="rounding">How it is rounded; what names no direction is towards zero.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static double RoundToIntegral(double value, ConversionRounding rounding) =>
        rounding switch
        {
            ConversionRounding.NearestEvenInteger or ConversionRounding.NearestEven => Math.Round(
                value,
                MidpointRounding.ToEven
            ),
            ConversionRounding.DownInteger or ConversionRounding.Down => Math.Floor(value),
            ConversionRounding.UpInteger or ConversionRounding.Up => Math.Ceiling(value),
            ConversionRounding.NearestAway => Math.Round(value, MidpointRounding.AwayFromZero),
            _ => Math.Truncate(value),
        };

    /// <summary>How many bits a type has.</summary>
    /// <param name="type">The type.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static int WidthOf(NumberType type) =>
        type switch
        {
            NumberType.U8 or NumberType.S8 => 8,
            NumberType.U16 or NumberType.S16 or NumberType.F16 or NumberType.BF16 => 16,
            NumberType.U32 or NumberType.S32 or NumberType.F32 => 32,
            _ => 64,
        };

    private static bool IsSigned(NumberType integer) => ((int)integer & 1) != 0;

    /// <summary>An integer in 64 bits, extended by its sign or by zeros.</summary>
    private static long Extend(NumberType type, ulong bits)
    {
        int unused = 64 - WidthOf(type);
        return IsSigned(type) ? (long)(bits << unused) >> unused : (long)(bits << unused >> unused);
    }

    private static ulong IntegerToInteger(NumberType from, NumberType to, ulong bits, bool saturate)
    {
        long value = Extend(from, bits);
        if (!saturate)
        {
            return (ulong)Extend(to, (ulong)value);
        }

        int width = WidthOf(to);
        bool huge = from == NumberType.U64 && value < 0;
        if (IsSigned(to))
        {
            long most = long.MaxValue >> (64 - width);
            return (ulong)(huge ? most : Math.Clamp(value, ~most, most));
        }

        if (value < 0 && !huge)
        {
            return 0;
        }

        return Math.Min((ulong)value, ulong.MaxValue >> (64 - width));
    }

    private static ulong IntegerToFloat(
        NumberType from,
        NumberType to,
        ulong bits,
        FloatRounding rounding,
        bool saturate
    )
    {
        long value = Extend(from, bits);
        if (WidthOf(from) <= 32 && to >= NumberType.F32)
        {
            // A double holds the integer, so that one rounding remains.
            ulong single = FromDouble(to, value, rounding);
            return saturate ? Saturate(to, single) : single;
        }

        bool negative = value < 0 && from != NumberType.U64;
        ulong magnitude = negative ? (ulong)-value : (ulong)value;
        ulong result = ExactRounding.Round(negative, magnitude, 0, FormatOf(to), rounding);
        return saturate ? Saturate(to, result) : result;
    }

    private static ulong FloatToInteger(NumberType from, NumberType to, double value, ConversionRounding rounding)
    {
        int width = WidthOf(to);
        if (double.IsNaN(value))
        {
            ulong highest = 1UL << (width - 1);
            return from != NumberType.F64 && width < 64 ? 0
                : IsSigned(to) ? (ulong)-(long)highest
                : highest;
        }

        double whole = RoundToIntegral(value, rounding);
        if (IsSigned(to))
        {
            long most = long.MaxValue >> (64 - width);
            return (ulong)(
                whole >= 9.2233720368547758e18 ? most
                : whole < -9.2233720368547758e18 ? ~most
                : Math.Clamp((long)whole, ~most, most)
            );
        }

        ulong largest = ulong.MaxValue >> (64 - width);
        return whole >= 1.8446744073709552e19 ? largest
            : whole <= 0 ? 0
            : Math.Min((ulong)whole, largest);
    }

    private static ulong FloatToFloat(
        NumberType from,
        NumberType to,
        ulong bits,
        double value,
        ConversionRounding rounding,
        bool flush,
        bool saturate
    )
    {
        ulong result;
        if (double.IsNaN(value))
        {
            result = NanFor(from, to, bits);
        }
        else
        {
            if (rounding >= ConversionRounding.NearestEvenInteger)
            {
                value = RoundToIntegral(value, rounding);
            }

            result = FromDouble(to, value, DirectionOf(rounding));
        }

        if (flush && to == NumberType.F32)
        {
            result = FloatBits.FlushF32((uint)result);
        }

        return saturate ? Saturate(to, result) : result;
    }

    private static ulong NanFor(NumberType from, NumberType to, ulong bits) =>
        to switch
        {
            NumberType.F16 or NumberType.BF16 => HalfBits.Nan,
            NumberType.F32 => FloatBits.NanF32,
            _ => from switch
            {
                NumberType.F64 => bits | (1UL << 51),
                NumberType.F32 => ((bits & 0x8000_0000) << 32) | 0x7FF8_0000_0000_0000 | ((bits & 0x003F_FFFF) << 29),
                _ => 0x7FFF_FFFF_E000_0000,
            },
        };

    private static FloatFormat FormatOf(NumberType type) =>
        type switch
        {
            NumberType.F16 => FloatFormat.Half,
            NumberType.BF16 => FloatFormat.Brain,
            NumberType.F32 => FloatFormat.Single,
            _ => FloatFormat.Double,
        };

    private static double ToDouble(NumberType type, ulong bits, bool flush) =>
        type switch
        {
            NumberType.F16 => HalfBits.ToSingle((ushort)bits),
            NumberType.BF16 => Bf16Bits.ToSingle((ushort)bits),
            NumberType.F32 => FloatBits.InputF32((uint)bits, flush),
            _ => BitConverter.UInt64BitsToDouble(bits),
        };

    private static ulong FromDouble(NumberType type, double value, FloatRounding rounding) =>
        type switch
        {
            NumberType.F16 => HalfBits.FromDouble(value, rounding),
            NumberType.BF16 => Bf16Bits.FromDouble(value, rounding),
            NumberType.F32 => BitConverter.SingleToUInt32Bits(ExactRounding.ToSingle(value, rounding)),
            _ => BitConverter.DoubleToUInt64Bits(value),
        };

    private static ulong Saturate(NumberType type, ulong bits) =>
        type switch
        {
            NumberType.F16 => HalfBits.Saturate((ushort)bits),
            NumberType.F32 => FloatBits.SaturateF32((uint)bits),
            NumberType.F64 => FloatBits.SaturateF64(bits),
            _ => bits <= 0x3F80 ? bits
            : bits <= 0x7F80 ? 0x3F80UL
            : 0,
        };
}
