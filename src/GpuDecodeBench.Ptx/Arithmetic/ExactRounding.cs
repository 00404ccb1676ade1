using System.Numerics;
using System.Runtime.CompilerServices;

namespace GpuDecodeBench.Ptx.Arithmetic;

/// <summary>
/// Rounds exact values into a format, once (IEEE 754-2019, 4.3 and 7.4). Values come as an integer times a power of two
/// or as a <c>double</c>; a <c>double</c> that stands for an inexact result has been rounded to odd before (see
/// <see cref="OddDouble"/>), which leaves every later rounding to at most 50 bits what it would have been at once.
/// </summary>
internal static class ExactRounding
{
    private const ulong MagnitudeMask = 0x7FFF_FFFF_FFFF_FFFF;
    private const ulong InfinityBits = 0x7FF0_0000_0000_0000;

    /// <summary>
    /// Rounds <c>significand × 2^exponent</c>. A caller that dropped bits below keeps a one in the lowest place of
    /// <paramref name="significand"/> (a sticky bit) and at least two places between it and the last place of the result.
    /// </summary>
    public static ulong Round(
        bool negative,
        UInt128 significand,
        int exponent,
        FloatFormat format,
        FloatRounding rounding
    )
    {
        ulong sign = negative ? 1UL << format.SignPlace : 0;
        if (significand == UInt128.Zero)
        {
            return sign;
        }

        int leading = exponent + 127 - (int)UInt128.LeadingZeroCount(significand);
        int place = Math.Max(leading - format.FractionBits, format.SmallestPlace);
        ulong kept = Keep(negative, significand, place - exponent, rounding);
        if (place > format.SmallestPlace + (2 * format.Bias))
        {
            return sign | Overflow(negative, format, rounding);
        }

        // A normal number's leading one adds one to the exponent field, as does a carry out of the fraction.
        ulong bits = ((ulong)(place - format.SmallestPlace) << format.FractionBits) + kept;
        return sign | (bits >= format.Infinity ? Overflow(negative, format, rounding) : bits);
    }

    /// <summary>Rounds a number that is not a NaN. Infinities stay infinities.</summary>
    public static ulong Round(double value, FloatFormat format, FloatRounding rounding)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        bool negative = (long)bits < 0;
        bits &= MagnitudeMask;
        if (bits >= InfinityBits)
        {
            return (negative ? 1UL << format.SignPlace : 0) | format.Infinity;
        }

        int field = (int)(bits >> 52);
        ulong significand = field == 0 ? bits : (bits & 0xF_FFFF_FFFF_FFFF) | 0x10_0000_0000_0000;
        return Round(negative, significand, Math.Max(field, 1) - 1075, format, rounding);
    }

    /// <summary>
    /// Rounds the magnitude of a number to the nearest, ties to even, and gives it without a sign; what is beyond the largest
    /// number, an infinity and a NaN become <paramref name="most"/>. For formats of fewer bits than binary32.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint NearestMagnitude(double value, FloatFormat format, ulong most)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value) & MagnitudeMask;
        if (bits < (ulong)(1024 - format.Bias) << 52)
        {
            // Adding this power of two makes the last place of the sum the last place of the subnormal numbers.
            ulong anchor = (ulong)(1023 + 52 + format.SmallestPlace) << 52;
            double sum = BitConverter.UInt64BitsToDouble(bits) + BitConverter.UInt64BitsToDouble(anchor);
            return (uint)(BitConverter.DoubleToUInt64Bits(sum) - anchor);
        }

        int dropped = 52 - format.FractionBits;
        bits -= (ulong)(1023 - format.Bias) << 52;
        bits += (1UL << (dropped - 1)) - 1 + ((bits >> dropped) & 1);
        bits >>= dropped;
        return (uint)Math.Min(bits, most);
    }

    /// <summary>Rounds a number that is not a NaN to binary32.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToSingle(double value, FloatRounding rounding)
    {
        float nearest = (float)value;
        return rounding switch
        {
            FloatRounding.NearestEven => nearest,
            FloatRounding.Down => nearest > value ? MathF.BitDecrement(nearest) : nearest,
            FloatRounding.Up => nearest < value ? MathF.BitIncrement(nearest) : nearest,
            _ => Math.Abs((double)nearest) > Math.Abs(value)
                ? BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(nearest) - 1)
                : nearest,
        };
    }

    private static ulong Keep(bool negative, UInt128 significand, int dropped, FloatRounding rounding)
    {
        if (dropped <= 0)
        {
            return (ulong)(significand << -dropped);
        }

        UInt128 kept = dropped < 128 ? significand >> dropped : UInt128.Zero;
        UInt128 rest = dropped < 128 ? significand & ((UInt128.One << dropped) - 1) : significand;
        if (rest == UInt128.Zero)
        {
            return (ulong)kept;
        }

        UInt128 half = dropped <= 128 ? UInt128.One << (dropped - 1) : UInt128.MaxValue;
        bool away = rounding switch
        {
            FloatRounding.NearestEven => rest > half || (rest == half && UInt128.IsOddInteger(kept)),
            FloatRounding.Down => negative,
            FloatRounding.Up => !negative,
            _ => false,
        };
        return (ulong)kept + (away ? 1UL : 0UL);
    }

    private static ulong Overflow(bool negative, FloatFormat format, FloatRounding rounding)
    {
        bool infinite = rounding switch
        {
            FloatRounding.NearestEven => true,
            FloatRounding.Down => negative,
            FloatRounding.Up => !negative,
            _ => false,
        };
        return infinite ? format.Infinity : format.Infinity - 1;
    }
}
