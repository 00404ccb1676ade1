using System.Runtime.CompilerServices;

namespace GpuDecodeBench.Ptx.Arithmetic;

/// <summary>
/// The floating-point instructions of PTX on <c>.f32</c> and <c>.f64</c>, on raw bits (PTX ISA, "Floating Point
/// Instructions"). Results are correctly rounded as IEEE 754-2019 defines them. A NaN that an <c>.f32</c> instruction gives is
/// <see cref="NanF32"/>: NaN payloads are not preserved in single precision.
/// </summary>
/// <remarks>
/// <c>.ftz</c> makes zeros of subnormal inputs and of results that are subnormal once rounded, and keeps the sign.
/// <c>.sat</c> limits a result to 0 to 1; a NaN and a negative zero become positive zero.
/// </remarks>
public static partial class FloatBits
{
    /// <summary>The one NaN that <c>.f32</c> instructions give (PTX ISA, "Floating Point Instructions").</summary>
    public const uint NanF32 = 0x7FFF_FFFF;

    private const uint SignF32 = 0x8000_0000;
    private const uint MagnitudeF32 = 0x7FFF_FFFF;
    private const uint InfinityF32 = 0x7F80_0000;
    private const uint OneF32 = 0x3F80_0000;

    /// <summary>Makes a zero of the same sign of a subnormal <c>.f32</c> number (PTX ISA, <c>.ftz</c>).</summary>
    /// <param name="a">The number's bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint FlushF32(uint a) => (a & InfinityF32) == 0 ? a & SignF32 : a;

    /// <summary>Limits an <c>.f32</c> number to 0 to 1; a NaN becomes positive zero (PTX ISA, <c>.sat</c>).</summary>
    /// <param name="a">The number's bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint SaturateF32(uint a) =>
        a <= OneF32 ? a
        : a <= InfinityF32 ? OneF32
        : 0;

    /// <summary><c>add{.rnd}{.ftz}{.sat}.f32</c> (PTX ISA, "Floating Point Instructions: add").</summary>
    /// <param name="a">The first term's bits.</param>
    /// <param name="b">The second term's bits.</param>
    /// <param name="rounding">How the sum is rounded.</param>
    /// <param name="flush">Whether subnormal inputs and results become zeros.</param>
    /// <param name="saturate">Whether the result is limited to 0 to 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AddF32(uint a, uint b, FloatRounding rounding, bool flush, bool saturate)
    {
        float x = InputF32(a, flush);
        float y = InputF32(b, flush);
        float sum =
            rounding == FloatRounding.NearestEven
                ? x + y
                : ExactRounding.ToSingle(OddDouble.Add(x, y, rounding), rounding);
        return ResultF32(sum, flush, saturate);
    }

    /// <summary><c>sub{.rnd}{.ftz}{.sat}.f32</c>: <c>a − b</c> (PTX ISA, "Floating Point Instructions: sub").</summary>
    /// <param name="a">The minuend's bits.</param>
    /// <param name="b">The subtrahend's bits.</param>
    /// <param name="rounding">How the difference is rounded.</param>
    /// <param name="flush">Whether subnormal inputs and results become zeros.</param>
    /// <param name="saturate">Whether the result is limited to 0 to 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint SubF32(uint a, uint b, FloatRounding rounding, bool flush, bool saturate) =>
        AddF32(a, b ^ SignF32, rounding, flush, saturate);

    /// <summary><c>mul{.rnd}{.ftz}{.sat}.f32</c> (PTX ISA, "Floating Point Instructions: mul").</summary>
    /// <param name="a">The first factor's bits.</param>
    /// <param name="b">The second factor's bits.</param>
    /// <param name="rounding">How the product is rounded.</param>
    /// <param name="flush">Whether subnormal inputs and results become zeros.</param>
    /// <param name="saturate">Whether the result is limited to 0 to 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint MulF32(uint a, uint b, FloatRounding rounding, bool flush, bool saturate)
    {
        float x = InputF32(a, flush);
        float y = InputF32(b, flush);
        float product = rounding == FloatRounding.NearestEven ? x * y : ExactRounding.ToSingle((double)x * y, rounding);
        return ResultF32(product, flush, saturate);
    }

    /// <summary><c>fma.rnd{.ftz}{.sat}.f32</c>: <c>a × b + c</c>, rounded once (PTX ISA, "Floating Point Instructions: fma").</summary>
    /// <param name="a">The first factor's bits.</param>
    /// <param name="b">The second factor's bits.</param>
    /// <param name="c">The addend's bits.</param>
    /// <param name="rounding">How the result is rounded.</param>
    /// <param name="flush">Whether subnormal inputs and results become zeros.</param>
    /// <param name="saturate">Whether the result is limited to 0 to 1.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint FmaF32(uint a, uint b, uint c, FloatRounding rounding, bool flush, bool saturate)
    {
        float x = InputF32(a, flush);
        float y = InputF32(b, flush);
        float z = InputF32(c, flush);
        float result =
            rounding == FloatRounding.NearestEven
                ? MathF.FusedMultiplyAdd(x, y, z)
                : ExactRounding.ToSingle(OddDouble.MultiplyAdd(x, y, z, rounding), rounding);
        return ResultF32(result, flush, saturate);
    }

    /// <summary><c>div.rnd{.ftz}.f32</c>, IEEE 754 compliant (PTX ISA, "Floating Point Instructions: div").</summary>
    /// <param name="a">The dividend's bits.</param>
    /// <param name="b">The divisor's bits.</param>
    /// <param name="rounding">How the quotient is rounded.</param>
    /// <param name="flush">Whether subnormal inputs and results become zeros.</param>
    public static uint DivF32(uint a, uint b, FloatRounding rounding, bool flush)
    {
        float x = InputF32(a, flush);
        float y = InputF32(b, flush);
        float quotient =
            rounding == FloatRounding.NearestEven ? x / y : ExactRounding.ToSingle(OddDouble.Divide(x, y), rounding);
        return ResultF32(quotient, flush, saturate: false);
    }

    /// <summary><c>rcp.rnd{.ftz}.f32</c>, IEEE 754 compliant (PTX ISA, "Floating Point Instructions: rcp").</summary>
    /// <param name="a">The number's bits.</param>
    /// <param name="rounding">How the reciprocal is rounded.</param>
    /// <param name="flush">Whether subnormal inputs and results become zeros.</param>
    public static uint RcpF32(uint a, FloatRounding rounding, bool flush) => DivF32(OneF32, a, rounding, flush);

    /// <summary><c>sqrt.rnd{.ftz}.f32</c>, IEEE 754 compliant (PTX ISA, "Floating Point Instructions: sqrt").</summary>
    /// <param name="a">The number's bits.</param>
    /// <param name="rounding">How the root is rounded.</param>
    /// <param name="flush">Whether subnormal inputs and results become zeros.</param>
    public static uint SqrtF32(uint a, FloatRounding rounding, bool flush)
    {
        float x = InputF32(a, flush);
        float root =
            rounding == FloatRounding.NearestEven
                ? MathF.Sqrt(x)
                : ExactRounding.ToSingle(OddDouble.SquareRoot(x), rounding);
        return ResultF32(root, flush, saturate: false);
    }

    /// <summary>
    /// <c>min{.ftz}{.NaN}.f32</c> (PTX ISA, "Floating Point Instructions: min"): −0 is less than +0; one NaN gives the other
    /// input, or with <c>.NaN</c> the canonical NaN; two NaN give the canonical NaN.
    /// </summary>
    /// <param name="a">The first number's bits.</param>
    /// <param name="b">The second number's bits.</param>
    /// <param name="flush">Whether subnormal inputs become zeros.</param>
    /// <param name="propagateNan">Whether one NaN is enough to give a NaN (<c>.NaN</c>).</param>
    public static uint MinF32(uint a, uint b, bool flush, bool propagateNan)
    {
        a = flush ? FlushF32(a) : a;
        b = flush ? FlushF32(b) : b;
        if (IsNanF32(a) || IsNanF32(b))
        {
            return OtherOfNanF32(a, b, propagateNan);
        }

        return OrderF32(a) <= OrderF32(b) ? a : b;
    }

    /// <summary><c>max{.ftz}{.NaN}.f32</c> (PTX ISA, "Floating Point Instructions: max"); for NaN and zeros see <see cref="MinF32"/>.</summary>
    /// <param name="a">The first number's bits.</param>
    /// <param name="b">The second number's bits.</param>
    /// <param name="flush">Whether subnormal inputs become zeros.</param>
    /// <param name="propagateNan">Whether one NaN is enough to give a NaN (<c>.NaN</c>).</param>
    public static uint MaxF32(uint a, uint b, bool flush, bool propagateNan)
    {
        a = flush ? FlushF32(a) : a;
        b = flush ? FlushF32(b) : b;
        if (IsNanF32(a) || IsNanF32(b))
        {
            return OtherOfNanF32(a, b, propagateNan);
        }

        return OrderF32(a) >= OrderF32(b) ? a : b;
    }

    /// <summary>
    /// <c>neg{.ftz}.f32</c> (PTX ISA, "Floating Point Instructions: neg"). What becomes of a NaN is not specified there: here its
    /// sign is changed like any other number's.
    /// </summary>
    /// <param name="a">The number's bits.</param>
    /// <param name="flush">Whether a subnormal number becomes a zero.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint NegF32(uint a, bool flush) => (flush ? FlushF32(a) : a) ^ SignF32;

    /// <summary>
    /// <c>abs{.ftz}.f32</c> (PTX ISA, "Floating Point Instructions: abs"). What becomes of a NaN is not specified there: here its
    /// sign is cleared like any other number's.
    /// </summary>
    /// <param name="a">The number's bits.</param>
    /// <param name="flush">Whether a subnormal number becomes a zero.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static uint AbsF32(uint a, bool flush) => (flush ? FlushF32(a) : a) & MagnitudeF32;

    /// <summary>Whether the bits are a NaN's (IEEE 754-2019, 3.4).</summary>
    /// <param name="a">The number's bits.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsNanF32(uint a) => (a & MagnitudeF32) > InfinityF32;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static float InputF32(uint a, bool flush) => BitConverter.UInt32BitsToSingle(flush ? FlushF32(a) : a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint ResultF32(float value, bool flush, bool saturate)
    {
        uint bits = BitConverter.SingleToUInt32Bits(value);
        if ((bits & InfinityF32) == InfinityF32 && (bits & ~(SignF32 | InfinityF32)) != 0)
        {
            bits = NanF32;
        }

        bits = flush ? FlushF32(bits) : bits;
        return saturate ? SaturateF32(bits) : bits;
    }

    private static uint OtherOfNanF32(uint a, uint b, bool propagateNan)
    {
        if (propagateNan)
        {
            return NanF32;
        }

        uint other = IsNanF32(a) ? b : a;
        return IsNanF32(other) ? NanF32 : other;
    }

    /// <summary>Integers in the order of the numbers: −0 comes right before +0.</summary>
    private static int OrderF32(uint a) => (int)a < 0 ? (int)~a ^ int.MinValue : (int)a;
}
