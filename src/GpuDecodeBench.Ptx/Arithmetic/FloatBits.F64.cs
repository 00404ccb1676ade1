using System.Runtime.CompilerServices;

namespace GpuDecodeBench.Ptx.Arithmetic;

/// <content>The instructions on <c>.f64</c>. Double precision has no <c>.ftz</c> (PTX ISA, "Floating Point Instructions").</content>
public static partial class FloatBits
{
    /// <summary>
    /// The NaN that an invalid <c>.f64</c> operation gives, where no input is a NaN. PTX does not name one; this is the value of
    /// <c>CUDART_NAN</c> in CUDA's mathematical constants.
    /// </summary>
    public const ulong NanF64 = 0xFFF8_0000_0000_0000;

    private const ulong SignF64 = 0x8000_0000_0000_0000;
    private const ulong InfinityF64 = 0x7FF0_0000_0000_0000;
    private const ulong QuietF64 = 0x0008_0000_0000_0000;
    private const ulong OneF64 = 0x3FF0_0000_0000_0000;

    /// <summary>Limits an <c>.f64</c> number to 0 to 1; a NaN becomes positive zero (PTX ISA, "cvt", <c>.sat</c>).</summary>
    /// <param name="a">The number's bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong SaturateF64(ulong a) =>
        a <= OneF64 ? a
        : a <= InfinityF64 ? OneF64
        : 0;

    /// <summary><c>add{.rnd}.f64</c> (PTX ISA, "Floating Point Instructions: add"). The first NaN among the inputs is passed on, quiet.</summary>
    /// <param name="a">The first term's bits.</param>
    /// <param name="b">The second term's bits.</param>
    /// <param name="rounding">How the sum is rounded.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong AddF64(ulong a, ulong b, FloatRounding rounding)
    {
        double sum = Double(a) + Double(b);
        if (double.IsNaN(sum))
        {
            return NanOf(a, b, 0);
        }

        return rounding == FloatRounding.NearestEven || IsSpecial(a) || IsSpecial(b)
            ? BitConverter.DoubleToUInt64Bits(sum)
            : DirectedDouble.MultiplyAdd(a, OneF64, b, rounding);
    }

    /// <summary><c>sub{.rnd}.f64</c>: <c>a − b</c> (PTX ISA, "Floating Point Instructions: sub").</summary>
    /// <param name="a">The minuend's bits.</param>
    /// <param name="b">The subtrahend's bits.</param>
    /// <param name="rounding">How the difference is rounded.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong SubF64(ulong a, ulong b, FloatRounding rounding) =>
        AddF64(a, IsNanF64(b) ? b : b ^ SignF64, rounding);

    /// <summary><c>mul{.rnd}.f64</c> (PTX ISA, "Floating Point Instructions: mul").</summary>
    /// <param name="a">The first factor's bits.</param>
    /// <param name="b">The second factor's bits.</param>
    /// <param name="rounding">How the product is rounded.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong MulF64(ulong a, ulong b, FloatRounding rounding)
    {
        double product = Double(a) * Double(b);
        if (double.IsNaN(product))
        {
            return NanOf(a, b, 0);
        }

        // Adding the zero of the product's own sign leaves the product as it is, in every direction.
        return rounding == FloatRounding.NearestEven || IsSpecial(a) || IsSpecial(b)
            ? BitConverter.DoubleToUInt64Bits(product)
            : DirectedDouble.MultiplyAdd(a, b, (a ^ b) & SignF64, rounding);
    }

    /// <summary><c>fma.rnd.f64</c>: <c>a × b + c</c>, rounded once (PTX ISA, "Floating Point Instructions: fma").</summary>
    /// <param name="a">The first factor's bits.</param>
    /// <param name="b">The second factor's bits.</param>
    /// <param name="c">The addend's bits.</param>
    /// <param name="rounding">How the result is rounded.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong FmaF64(ulong a, ulong b, ulong c, FloatRounding rounding)
    {
        double result = Math.FusedMultiplyAdd(Double(a), Double(b), Double(c));
        if (double.IsNaN(result))
        {
            return NanOf(a, b, c);
        }

        return rounding == FloatRounding.NearestEven || IsSpecial(a) || IsSpecial(b) || IsSpecial(c)
            ? BitConverter.DoubleToUInt64Bits(result)
            : DirectedDouble.MultiplyAdd(a, b, c, rounding);
    }

    /// <summary><c>div.rnd.f64</c> (PTX ISA, "Floating Point Instructions: div").</summary>
    /// <param name="a">The dividend's bits.</param>
    /// <param name="b">The divisor's bits.</param>
    /// <param name="rounding">How the quotient is rounded.</param>
    public static ulong DivF64(ulong a, ulong b, FloatRounding rounding)
    {
        double quotient = Double(a) / Double(b);
        if (double.IsNaN(quotient))
        {
            return NanOf(a, b, 0);
        }

        bool exact = IsSpecial(a) || IsSpecial(b) || (a & ~SignF64) == 0 || (b & ~SignF64) == 0;
        return rounding == FloatRounding.NearestEven || exact
            ? BitConverter.DoubleToUInt64Bits(quotient)
            : DirectedDouble.Divide(a, b, rounding);
    }

    /// <summary><c>rcp.rnd.f64</c> (PTX ISA, "Floating Point Instructions: rcp").</summary>
    /// <param name="a">The number's bits.</param>
    /// <param name="rounding">How the reciprocal is rounded.</param>
    public static ulong RcpF64(ulong a, FloatRounding rounding) => DivF64(OneF64, a, rounding);

    /// <summary><c>sqrt.rnd.f64</c> (PTX ISA, "Floating Point Instructions: sqrt").</summary>
    /// <param name="a">The number's bits.</param>
    /// <param name="rounding">How the root is rounded.</param>
    public static ulong SqrtF64(ulong a, FloatRounding rounding)
    {
        double root = Math.Sqrt(Double(a));
        if (double.IsNaN(root))
        {
            return NanOf(a, 0, 0);
        }

        return rounding == FloatRounding.NearestEven || IsSpecial(a) || root == 0
            ? BitConverter.DoubleToUInt64Bits(root)
            : DirectedDouble.SquareRoot(a, rounding);
    }

    /// <summary>
    /// <c>min.f64</c> (PTX ISA, "Floating Point Instructions: min"): −0 is less than +0; one NaN gives the other input, or the
    /// canonical NaN where <paramref name="propagateNan"/> asks for it (PTX has <c>.NaN</c> for narrower types only).
    /// </summary>
    /// <param name="a">The first number's bits.</param>
    /// <param name="b">The second number's bits.</param>
    /// <param name="propagateNan">Whether one NaN is enough to give a NaN.</param>
    public static ulong MinF64(ulong a, ulong b, bool propagateNan) =>
        IsNanF64(a) || IsNanF64(b) ? OtherOfNanF64(a, b, propagateNan)
        : OrderF64(a) <= OrderF64(b) ? a
        : b;

    /// <summary><c>max.f64</c> (PTX ISA, "Floating Point Instructions: max"); for NaN and zeros see <see cref="MinF64"/>.</summary>
    /// <param name="a">The first number's bits.</param>
    /// <param name="b">The second number's bits.</param>
    /// <param name="propagateNan">Whether one NaN is enough to give a NaN.</param>
    public static ulong MaxF64(ulong a, ulong b, bool propagateNan) =>
        IsNanF64(a) || IsNanF64(b) ? OtherOfNanF64(a, b, propagateNan)
        : OrderF64(a) >= OrderF64(b) ? a
        : b;

    /// <summary><c>neg.f64</c> (PTX ISA, "Floating Point Instructions: neg").</summary>
    /// <param name="a">The number's bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong NegF64(ulong a) => a ^ SignF64;

    /// <summary><c>abs.f64</c> (PTX ISA, "Floating Point Instructions: abs").</summary>
    /// <param name="a">The number's bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong AbsF64(ulong a) => a & ~SignF64;

    /// <summary>Whether the bits are a NaN's (IEEE 754-2019, 3.4).</summary>
    /// <param name="a">The number's bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsNanF64(ulong a) => (a & ~SignF64) > InfinityF64;

    private static double Double(ulong a) => BitConverter.UInt64BitsToDouble(a);

    private static bool IsSpecial(ulong a) => (a & InfinityF64) == InfinityF64;

    /// <summary>The NaN that follows from inputs of which some may be a NaN: the first of them, made quiet (IEEE 754-2019, 6.2.3).</summary>
    private static ulong NanOf(ulong a, ulong b, ulong c) =>
        IsNanF64(a) ? a | QuietF64
        : IsNanF64(b) ? b | QuietF64
        : IsNanF64(c) ? c | QuietF64
        : NanF64;

    private static ulong OtherOfNanF64(ulong a, ulong b, bool propagateNan)
    {
        ulong other = IsNanF64(a) ? b : a;
        return propagateNan || IsNanF64(other) ? NanOf(a, b, 0) : other;
    }

    private static long OrderF64(ulong a) => (long)a < 0 ? (long)~a ^ long.MinValue : (long)a;
}
