using System.Runtime.CompilerServices;

namespace GpuDecodeBench.Ptx.Arithmetic;

/// <summary>
/// The instructions of PTX on <c>.bf16</c> and <c>.bf16x2</c>, on raw bits (PTX ISA, "Half Precision Floating Point
/// Instructions" and "Alternate Floating-Point Data Formats"). The only rounding of these instructions is <c>.rn</c>; results
/// are rounded once. Subnormal numbers are supported and there is no <c>.ftz</c>. A NaN that comes out is <see cref="Nan"/>.
/// </summary>
public static partial class Bf16Bits
{
    /// <summary>The canonical NaN of <c>.bf16</c> (PTX ISA, "Half Precision Floating Point Instructions: min").</summary>
    public const ushort Nan = 0x7FFF;

    /// <summary>The largest finite number.</summary>
    public const ushort Largest = 0x7F7F;

    private const uint Sign = 0x8000;
    private const uint Magnitude = 0x7FFF;
    private const uint Infinity = 0x7F80;

    /// <summary>Makes a positive zero of a negative number; a NaN becomes <see cref="Nan"/> (PTX ISA, <c>.relu</c>).</summary>
    /// <param name="a">The number's bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Relu(ushort a) =>
        IsNan(a) ? Nan
        : a >= Sign ? (ushort)0
        : a;

    /// <summary>Whether the bits are a NaN's.</summary>
    /// <param name="a">The number's bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsNan(ushort a) => (a & Magnitude) > Infinity;

    /// <summary>The number as a <c>float</c>: the same bits with sixteen zeros below (PTX ISA, "Alternate Floating-Point Data Formats").</summary>
    /// <param name="a">The number's bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static float ToSingle(ushort a) => BitConverter.UInt32BitsToSingle((uint)a << 16);

    /// <summary>Rounds a <c>float</c> to bfloat16 (PTX ISA, "cvt"); a NaN gives <see cref="Nan"/>.</summary>
    /// <param name="value">The number.</param>
    /// <param name="rounding">How it is rounded.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort FromSingle(float value, FloatRounding rounding)
    {
        if (float.IsNaN(value))
        {
            return Nan;
        }

        uint bits = BitConverter.SingleToUInt32Bits(value);
        return rounding switch
        {
            // A carry out of the fraction goes into the exponent, and from the largest number to infinity.
            FloatRounding.NearestEven => (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16),
            FloatRounding.TowardZero => (ushort)(bits >> 16),
            _ => (ushort)ExactRounding.Round(value, FloatFormat.Brain, rounding),
        };
    }

    /// <summary>Rounds a <c>double</c> to bfloat16, once (PTX ISA, "cvt"); a NaN gives <see cref="Nan"/>.</summary>
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
            ? (ushort)(sign | ExactRounding.NearestMagnitude(value, FloatFormat.Brain, Infinity))
            : (ushort)ExactRounding.Round(value, FloatFormat.Brain, rounding);
    }

    /// <summary><c>add{.rnd}.bf16</c> (PTX ISA, "Half Precision Floating Point Instructions: add").</summary>
    /// <param name="a">The first term's bits.</param>
    /// <param name="b">The second term's bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Add(ushort a, ushort b) =>
        FromDouble(OddDouble.Add(ToSingle(a), ToSingle(b), FloatRounding.NearestEven), FloatRounding.NearestEven);

    /// <summary><c>sub{.rnd}.bf16</c>: <c>a − b</c> (PTX ISA, "Half Precision Floating Point Instructions: sub").</summary>
    /// <param name="a">The minuend's bits.</param>
    /// <param name="b">The subtrahend's bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Sub(ushort a, ushort b) => Add(a, (ushort)(b ^ Sign));

    /// <summary><c>mul{.rnd}.bf16</c> (PTX ISA, "Half Precision Floating Point Instructions: mul").</summary>
    /// <param name="a">The first factor's bits.</param>
    /// <param name="b">The second factor's bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Mul(ushort a, ushort b) =>
        FromDouble((double)ToSingle(a) * ToSingle(b), FloatRounding.NearestEven);

    /// <summary><c>fma.rnd{.relu}.bf16</c>: <c>a × b + c</c>, rounded once (PTX ISA, "Half Precision Floating Point Instructions: fma").</summary>
    /// <param name="a">The first factor's bits.</param>
    /// <param name="b">The second factor's bits.</param>
    /// <param name="c">The addend's bits.</param>
    /// <param name="relu">Whether a negative result becomes zero.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Fma(ushort a, ushort b, ushort c, bool relu)
    {
        double exact = OddDouble.MultiplyAdd(ToSingle(a), ToSingle(b), ToSingle(c), FloatRounding.NearestEven);
        ushort result = FromDouble(exact, FloatRounding.NearestEven);
        return relu ? Relu(result) : result;
    }

    /// <summary>
    /// <c>min{.NaN}.bf16</c> (PTX ISA, "Half Precision Floating Point Instructions: min"): −0 is less than +0; one NaN gives the
    /// other input, or with <c>.NaN</c> the canonical NaN; two NaN give the canonical NaN.
    /// </summary>
    /// <param name="a">The first number's bits.</param>
    /// <param name="b">The second number's bits.</param>
    /// <param name="propagateNan">Whether one NaN is enough to give a NaN (<c>.NaN</c>).</param>
    public static ushort Min(ushort a, ushort b, bool propagateNan) =>
        IsNan(a) || IsNan(b) ? OtherOfNan(a, b, propagateNan)
        : Order(a) <= Order(b) ? a
        : b;

    /// <summary><c>max{.NaN}.bf16</c> (PTX ISA, "Half Precision Floating Point Instructions: max"); for NaN and zeros see <see cref="Min"/>.</summary>
    /// <param name="a">The first number's bits.</param>
    /// <param name="b">The second number's bits.</param>
    /// <param name="propagateNan">Whether one NaN is enough to give a NaN (<c>.NaN</c>).</param>
    public static ushort Max(ushort a, ushort b, bool propagateNan) =>
        IsNan(a) || IsNan(b) ? OtherOfNan(a, b, propagateNan)
        : Order(a) >= Order(b) ? a
        : b;

    /// <summary><c>neg.bf16</c> (PTX ISA, "Half Precision Floating Point Instructions: neg"). What becomes of a NaN is not specified there.</summary>
    /// <param name="a">The number's bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Neg(ushort a) => (ushort)(a ^ Sign);

    /// <summary><c>abs.bf16</c> (PTX ISA, "Half Precision Floating Point Instructions: abs"). What becomes of a NaN is not specified there.</summary>
    /// <param name="a">The number's bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Abs(ushort a) => (ushort)(a & Magnitude);

    private static ushort OtherOfNan(ushort a, ushort b, bool propagateNan)
    {
        ushort other = IsNan(a) ? b : a;
        return propagateNan || IsNan(other) ? Nan : other;
    }

    /// <summary>Integers in the order of the numbers: −0 comes right before +0.</summary>
    private static int Order(ushort a) => a >= Sign ? -1 - (int)(a & Magnitude) : a;
}
