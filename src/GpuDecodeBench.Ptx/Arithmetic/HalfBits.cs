using System.Runtime.CompilerServices;

namespace GpuDecodeBench.Ptx.Arithmetic;

/// <summary>
/// The instructions of PTX on <c>.f16</c> and <c>.f16x2</c>, on raw bits (PTX ISA, "Half Precision Floating Point
/// Instructions"). The only rounding of these instructions is <c>.rn</c>; results are rounded once. Subnormal numbers are kept
/// unless <c>.ftz</c> is given. A NaN that comes out is <see cref="Nan"/>.
/// </summary>
public static partial class HalfBits
{
    /// <summary>The canonical NaN of <c>.f16</c> (PTX ISA, "Half Precision Floating Point Instructions: min").</summary>
    public const ushort Nan = 0x7FFF;

    /// <summary>The largest finite number, 65504 (IEEE 754-2019, 3.6).</summary>
    public const ushort Largest = 0x7BFF;

    private const uint Sign = 0x8000;
    private const uint Magnitude = 0x7FFF;
    private const uint Infinity = 0x7C00;
    private const uint One = 0x3C00;

    /// <summary>Makes a zero of the same sign of a subnormal number (PTX ISA, <c>.ftz</c>).</summary>
    /// <param name="a">The number's bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Flush(ushort a) => (a & Infinity) == 0 ? (ushort)(a & Sign) : a;

    /// <summary>Limits a number to 0 to 1; a NaN and a negative zero become positive zero (PTX ISA, <c>.sat</c>).</summary>
    /// <param name="a">The number's bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Saturate(ushort a) =>
        a <= One ? a
        : a <= Infinity ? (ushort)One
        : (ushort)0;

    /// <summary>Makes a positive zero of a negative number; a NaN becomes <see cref="Nan"/> (PTX ISA, <c>.relu</c>).</summary>
    /// <param name="a">The number's bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Relu(ushort a) =>
        IsNan(a) ? Nan
        : a >= Sign ? (ushort)0
        : a;

    /// <summary>Whether the bits are a NaN's (IEEE 754-2019, 3.4).</summary>
    /// <param name="a">The number's bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsNan(ushort a) => (a & Magnitude) > Infinity;

    /// <summary>The number as a <c>float</c>, which is exact; a NaN gives the canonical NaN of <c>.f32</c>.</summary>
    /// <param name="a">The number's bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToSingle(ushort a)
    {
        uint magnitude = a & Magnitude;
        if (magnitude >= Infinity)
        {
            uint special = magnitude > Infinity ? FloatBits.NanF32 : 0x7F80_0000 | ((a & Sign) << 16);
            return BitConverter.UInt32BitsToSingle(special);
        }

        // The exponent field counts from 2^-15 in place of 2^-127; the product moves subnormal numbers into place as well.
        float scaled = BitConverter.UInt32BitsToSingle(magnitude << 13) * 5.192296858534828e33f;
        return BitConverter.UInt32BitsToSingle(BitConverter.SingleToUInt32Bits(scaled) | ((a & Sign) << 16));
    }

    /// <summary>Rounds a <c>float</c> to binary16 (PTX ISA, "cvt"); a NaN gives <see cref="Nan"/>.</summary>
    /// <param name="value">The number.</param>
    /// <param name="rounding">How it is rounded.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort FromSingle(float value, FloatRounding rounding) => FromDouble(value, rounding);

    /// <summary>Rounds a <c>double</c> to binary16, once (PTX ISA, "cvt"); a NaN gives <see cref="Nan"/>.</summary>
    /// <param name="value">The number.</param>
    /// <param name="rounding">How it is rounded.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort FromDouble(double value, FloatRounding rounding)
    {
        if (double.IsNaN(value))
        {
            return Nan;
        }

        uint sign = (uint)(BitConverter.DoubleToUInt64Bits(value) >> 48) & Sign;
        return rounding == FloatRounding.NearestEven
            ? (ushort)(sign | ExactRounding.NearestMagnitude(value, FloatFormat.Half, Infinity))
            : (ushort)ExactRounding.Round(value, FloatFormat.Half, rounding);
    }

    /// <summary><c>add{.rnd}{.ftz}{.sat}.f16</c> (PTX ISA, "Half Precision Floating Point Instructions: add").</summary>
    /// <param name="a">The first term's bits.</param>
    /// <param name="b">The second term's bits.</param>
    /// <param name="flush">Whether subnormal inputs and results become zeros.</param>
    /// <param name="saturate">Whether the result is limited to 0 to 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Add(ushort a, ushort b, bool flush, bool saturate) =>
        Result((double)Input(a, flush) + Input(b, flush), flush, saturate);

    /// <summary><c>sub{.rnd}{.ftz}{.sat}.f16</c>: <c>a − b</c> (PTX ISA, "Half Precision Floating Point Instructions: sub").</summary>
    /// <param name="a">The minuend's bits.</param>
    /// <param name="b">The subtrahend's bits.</param>
    /// <param name="flush">Whether subnormal inputs and results become zeros.</param>
    /// <param name="saturate">Whether the result is limited to 0 to 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Sub(ushort a, ushort b, bool flush, bool saturate) =>
        Result((double)Input(a, flush) - Input(b, flush), flush, saturate);

    /// <summary><c>mul{.rnd}{.ftz}{.sat}.f16</c> (PTX ISA, "Half Precision Floating Point Instructions: mul").</summary>
    /// <param name="a">The first factor's bits.</param>
    /// <param name="b">The second factor's bits.</param>
    /// <param name="flush">Whether subnormal inputs and results become zeros.</param>
    /// <param name="saturate">Whether the result is limited to 0 to 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Mul(ushort a, ushort b, bool flush, bool saturate) =>
        Result((double)Input(a, flush) * Input(b, flush), flush, saturate);

    /// <summary>
    /// <c>fma.rnd{.ftz}{.sat|.relu}.f16</c>: <c>a × b + c</c>, rounded once (PTX ISA, "Half Precision Floating Point
    /// Instructions: fma").
    /// </summary>
    /// <param name="a">The first factor's bits.</param>
    /// <param name="b">The second factor's bits.</param>
    /// <param name="c">The addend's bits.</param>
    /// <param name="flush">Whether subnormal inputs and results become zeros.</param>
    /// <param name="saturate">Whether the result is limited to 0 to 1.</param>
    /// <param name="relu">Whether a negative result becomes zero.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Fma(ushort a, ushort b, ushort c, bool flush, bool saturate, bool relu)
    {
        // The product has 22 bits and is exact. The sum is exact too, unless the addend is more than 2^30 times the product:
        // then it is no tie, and rounds to the addend.
        double exact = ((double)Input(a, flush) * Input(b, flush)) + Input(c, flush);
        ushort result = Result(exact, flush, saturate);
        return relu ? Relu(result) : result;
    }

    /// <summary>
    /// <c>min{.ftz}{.NaN}.f16</c> (PTX ISA, "Floating Point Instructions: min"): −0 is less than +0; one NaN gives the other
    /// input, or with <c>.NaN</c> the canonical NaN; two NaN give the canonical NaN.
    /// </summary>
    /// <param name="a">The first number's bits.</param>
    /// <param name="b">The second number's bits.</param>
    /// <param name="flush">Whether subnormal inputs become zeros.</param>
    /// <param name="propagateNan">Whether one NaN is enough to give a NaN (<c>.NaN</c>).</param>
    public static ushort Min(ushort a, ushort b, bool flush, bool propagateNan)
    {
        a = flush ? Flush(a) : a;
        b = flush ? Flush(b) : b;
        return IsNan(a) || IsNan(b) ? OtherOfNan(a, b, propagateNan)
            : Order(a) <= Order(b) ? a
            : b;
    }

    /// <summary><c>max{.ftz}{.NaN}.f16</c> (PTX ISA, "Floating Point Instructions: max"); for NaN and zeros see <see cref="Min"/>.</summary>
    /// <param name="a">The first number's bits.</param>
    /// <param name="b">The second number's bits.</param>
    /// <param name="flush">Whether subnormal inputs become zeros.</param>
    /// <param name="propagateNan">Whether one NaN is enough to give a NaN (<c>.NaN</c>).</param>
    public static ushort Max(ushort a, ushort b, bool flush, bool propagateNan)
    {
        a = flush ? Flush(a) : a;
        b = flush ? Flush(b) : b;
        return IsNan(a) || IsNan(b) ? OtherOfNan(a, b, propagateNan)
            : Order(a) >= Order(b) ? a
            : b;
    }

    /// <summary><c>neg{.ftz}.f16</c> (PTX ISA, "Floating Point Instructions: neg"). What becomes of a NaN is not specified there.</summary>
    /// <param name="a">The number's bits.</param>
    /// <param name="flush">Whether a subnormal number becomes a zero.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Neg(ushort a, bool flush) => (ushort)((flush ? Flush(a) : a) ^ Sign);

    /// <summary><c>abs{.ftz}.f16</c> (PTX ISA, "Floating Point Instructions: abs"). What becomes of a NaN is not specified there.</summary>
    /// <param name="a">The number's bits.</param>
    /// <param name="flush">Whether a subnormal number becomes a zero.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Abs(ushort a, bool flush) => (ushort)((flush ? Flush(a) : a) & Magnitude);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float Input(ushort a, bool flush) => ToSingle(flush ? Flush(a) : a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort Result(double value, bool flush, bool saturate)
    {
        ushort bits = FromDouble(value, FloatRounding.NearestEven);
        bits = flush ? Flush(bits) : bits;
        return saturate ? Saturate(bits) : bits;
    }

    private static ushort OtherOfNan(ushort a, ushort b, bool propagateNan)
    {
        ushort other = IsNan(a) ? b : a;
        return propagateNan || IsNan(other) ? Nan : other;
    }

    /// <summary>Integers in the order of the numbers: −0 comes right before +0.</summary>
    private static int Order(ushort a) => a >= Sign ? -1 - (int)(a & Magnitude) : a;
}
