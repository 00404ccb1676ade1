namespace GpuDecodeBench.Ptx.Arithmetic;

/// <summary>
/// The approximate instructions of PTX (PTX ISA, "Floating Point Instructions": <c>rcp.approx</c>, <c>sqrt.approx</c>,
/// <c>rsqrt.approx</c>, <c>sin.approx</c>, <c>cos.approx</c>, <c>lg2.approx</c>, <c>ex2.approx</c>, <c>tanh.approx</c>,
/// <c>div.approx</c>, <c>div.full</c>). Values are computed in <c>double</c> and rounded to the destination. A device's results
/// may differ from these within the error that the ISA states for the instruction.
/// </summary>
/// <remarks>
/// With <c>.ftz</c> subnormal inputs and results are zeros of the same sign. A NaN that comes out is the type's canonical one.
/// </remarks>
public static class Approximations
{
    /// <summary>2 to the powers of 0 to 31 32nds.</summary>
    private static readonly double[] Roots = [.. Enumerable.Range(0, 32).Select(part => Math.Pow(2, part / 32.0))];

    /// <summary><c>ex2.approx{.ftz}.f32</c>: −∞ gives +0, a subnormal number gives 1 (PTX ISA, "ex2").</summary>
    /// <param name="a">The number's bits.</param>
    /// <param name="flush">Whether subnormal inputs and results become zeros.</param>
    public static uint Ex2F32(uint a, bool flush) => Result(PowerOfTwo(FloatBits.InputF32(a, flush)), flush);

    /// <summary><c>lg2.approx{.ftz}.f32</c>: zeros give −∞, numbers below zero a NaN (PTX ISA, "lg2").</summary>
    /// <param name="a">The number's bits.</param>
    /// <param name="flush">Whether subnormal inputs and results become zeros.</param>
    public static uint Lg2F32(uint a, bool flush) => Result(Math.Log2(FloatBits.InputF32(a, flush)), flush);

    /// <summary><c>rcp.approx{.ftz}.f32</c>: zeros give infinities of the same sign (PTX ISA, "rcp").</summary>
    /// <param name="a">The number's bits.</param>
    /// <param name="flush">Whether subnormal inputs and results become zeros.</param>
    public static uint RcpF32(uint a, bool flush) => Result(1.0 / FloatBits.InputF32(a, flush), flush);

    /// <summary><c>sqrt.approx{.ftz}.f32</c>: −0 gives −0, numbers below zero a NaN (PTX ISA, "sqrt").</summary>
    /// <param name="a">The number's bits.</param>
    /// <param name="flush">Whether subnormal inputs and results become zeros.</param>
    public static uint SqrtF32(uint a, bool flush) => Result(Math.Sqrt(FloatBits.InputF32(a, flush)), flush);

    /// <summary><c>rsqrt.approx{.ftz}.f32</c>: ±0 give ±∞, numbers below zero a NaN (PTX ISA, "rsqrt").</summary>
    /// <param name="a">The number's bits.</param>
    /// <param name="flush">Whether subnormal inputs and results become zeros.</param>
    public static uint RsqrtF32(uint a, bool flush) => Result(1.0 / Math.Sqrt(FloatBits.InputF32(a, flush)), flush);

    /// <summary><c>sin.approx{.ftz}.f32</c> of radians: zeros keep their sign, infinities give a NaN (PTX ISA, "sin").</summary>
    /// <param name="a">The number's bits.</param>
    /// <param name="flush">Whether subnormal inputs and results become zeros.</param>
    public static uint SinF32(uint a, bool flush) => Result(Math.Sin(FloatBits.InputF32(a, flush)), flush);

    /// <summary><c>cos.approx{.ftz}.f32</c> of radians: zeros give 1, infinities a NaN (PTX ISA, "cos").</summary>
    /// <param name="a">The number's bits.</param>
    /// <param name="flush">Whether subnormal inputs and results become zeros.</param>
    public static uint CosF32(uint a, bool flush) => Result(Math.Cos(FloatBits.InputF32(a, flush)), flush);

    /// <summary><c>tanh.approx.f32</c>: zeros keep their sign, ±∞ give ±1, subnormal numbers are kept (PTX ISA, "tanh").</summary>
    /// <param name="a">The number's bits.</param>
    public static uint TanhF32(uint a) => Result(Math.Tanh(FloatBits.InputF32(a, false)), false);

    /// <summary>
    /// <c>div.approx{.ftz}.f32</c>: as <c>a × (1 / b)</c>. Where the magnitude of the divisor is between 2¹²⁶ and 2¹²⁸, a finite
    /// dividend gives zero and an infinite one a NaN (PTX ISA, "div").
    /// </summary>
    /// <param name="a">The dividend's bits.</param>
    /// <param name="b">The divisor's bits.</param>
    /// <param name="flush">Whether subnormal inputs and results become zeros.</param>
    public static uint DivF32(uint a, uint b, bool flush)
    {
        uint magnitude = b & 0x7FFF_FFFF;
        if (magnitude is > 0x7E80_0000 and < 0x7F80_0000)
        {
            bool finite = (a & 0x7F80_0000) != 0x7F80_0000;
            return finite ? (a ^ b) & 0x8000_0000 : FloatBits.NanF32;
        }

        return DivFullF32(a, b, flush);
    }

    /// <summary><c>div.full{.ftz}.f32</c>: the whole range of divisors (PTX ISA, "div").</summary>
    /// <param name="a">The dividend's bits.</param>
    /// <param name="b">The divisor's bits.</param>
    /// <param name="flush">Whether subnormal inputs and results become zeros.</param>
    public static uint DivFullF32(uint a, uint b, bool flush) =>
        Result((double)FloatBits.InputF32(a, flush) / FloatBits.InputF32(b, flush), flush);

    /// <summary>
    /// <c>rcp.approx.ftz.f64</c>: reads the upper 32 bits, gives an approximation in the upper 32 bits and zeros below (PTX ISA,
    /// "rcp.approx.ftz.f64"). A subnormal input gives an infinity, a subnormal result becomes zero.
    /// </summary>
    /// <param name="a">The number's bits.</param>
    public static ulong RcpF64(ulong a) => UpperHalf(1.0 / UpperInput(a));

    /// <summary>
    /// <c>rsqrt.approx.ftz.f64</c>: reads the upper 32 bits, gives an approximation in the upper 32 bits and zeros below (PTX ISA,
    /// "rsqrt.approx.ftz.f64").
    /// </summary>
    /// <param name="a">The number's bits.</param>
    public static ulong RsqrtFlushF64(ulong a) => UpperHalf(1.0 / Math.Sqrt(UpperInput(a)));

    /// <summary><c>rsqrt.approx.f64</c>: subnormal numbers are kept (PTX ISA, "rsqrt").</summary>
    /// <param name="a">The number's bits.</param>
    public static ulong RsqrtF64(ulong a)
    {
        double root = 1.0 / Math.Sqrt(BitConverter.UInt64BitsToDouble(a));
        return double.IsNaN(root) ? FloatBits.NanF64 : BitConverter.DoubleToUInt64Bits(root);
    }

    /// <summary><c>ex2.approx.f16</c>: subnormal numbers are kept (PTX ISA, "Half Precision Floating Point Instructions: ex2").</summary>
    /// <param name="a">The number's bits.</param>
    public static ushort Ex2F16(ushort a) =>
        HalfBits.FromDouble(PowerOfTwo(HalfBits.ToSingle(a)), FloatRounding.NearestEven);

    /// <summary><c>ex2.approx.f16x2</c> (PTX ISA, "Half Precision Floating Point Instructions: ex2").</summary>
    /// <param name="a">The pair.</param>
    public static uint Ex2F16x2(uint a) => Ex2F16((ushort)a) | ((uint)Ex2F16((ushort)(a >> 16)) << 16);

    /// <summary>
    /// <c>ex2.approx.ftz.bf16</c>: subnormal inputs and results become zeros (PTX ISA, "Half Precision Floating Point Instructions:
    /// ex2").
    /// </summary>
    /// <param name="a">The number's bits.</param>
    public static ushort Ex2Bf16(ushort a)
    {
        double power = PowerOfTwo((a & 0x7F80) == 0 ? 0 : Bf16Bits.ToSingle(a));
        ushort result = Bf16Bits.FromDouble(power, FloatRounding.NearestEven);
        return (result & 0x7F80) == 0 ? (ushort)0 : result;
    }

    /// <summary><c>ex2.approx.ftz.bf16x2</c> (PTX ISA, "Half Precision Floating Point Instructions: ex2").</summary>
    /// <param name="a">The pair.</param>
    public static uint Ex2Bf16x2(uint a) => Ex2Bf16((ushort)a) | ((uint)Ex2Bf16((ushort)(a >> 16)) << 16);

    /// <summary><c>tanh.approx.f16</c>: subnormal numbers are kept (PTX ISA, "Half Precision Floating Point Instructions: tanh").</summary>
    /// <param name="a">The number's bits.</param>
    public static ushort TanhF16(ushort a) =>
        HalfBits.FromDouble(Math.Tanh(HalfBits.ToSingle(a)), FloatRounding.NearestEven);

    /// <summary><c>tanh.approx.f16x2</c> (PTX ISA, "Half Precision Floating Point Instructions: tanh").</summary>
    /// <param name="a">The pair.</param>
    public static uint TanhF16x2(uint a) => TanhF16((ushort)a) | ((uint)TanhF16((ushort)(a >> 16)) << 16);

    /// <summary><c>tanh.approx.bf16</c>: subnormal numbers are kept (PTX ISA, "Half Precision Floating Point Instructions: tanh").</summary>
    /// <param name="a">The number's bits.</param>
    public static ushort TanhBf16(ushort a) =>
        Bf16Bits.FromDouble(Math.Tanh(Bf16Bits.ToSingle(a)), FloatRounding.NearestEven);

    /// <summary><c>tanh.approx.bf16x2</c> (PTX ISA, "Half Precision Floating Point Instructions: tanh").</summary>
    /// <param name="a">The pair.</param>
    public static uint TanhBf16x2(uint a) => TanhBf16((ushort)a) | ((uint)TanhBf16((ushort)(a >> 16)) << 16);

    /// <summary>
    /// 2 to a power, to about 48 bits: the nearest whole number of 32nds goes into the exponent and a table, the rest, at most a
    /// 64th, into the series of <c>e</c> to the power <c>x ln 2</c>, whose sixth term is below 2⁻⁴⁸.
    /// </summary>
    private static double PowerOfTwo(double power)
    {
        if (!(power > -1000))
        {
            return double.IsNaN(power) ? power : 0;
        }

        if (power > 1000)
        {
            return double.PositiveInfinity;
        }

        double parts = Math.Round(power * 32);
        int whole = (int)parts;
        double x = (power - (parts * (1.0 / 32))) * 0.69314718055994530942;
        double series = 1 + (x * (1 + (x * ((1.0 / 2) + (x * ((1.0 / 6) + (x * ((1.0 / 24) + (x * (1.0 / 120))))))))));
        double scale = BitConverter.Int64BitsToDouble(((whole >> 5) + 1023L) << 52);
        return series * Roots[whole & 31] * scale;
    }

    private static uint Result(double value, bool flush) => FloatBits.ResultF32((float)value, flush, saturate: false);

    private static double UpperInput(ulong a) =>
        BitConverter.UInt64BitsToDouble(
            (a & 0x7FF0_0000_0000_0000) == 0 ? a & 0x8000_0000_0000_0000 : a & 0xFFFF_FFFF_0000_0000
        );

    private static ulong UpperHalf(double value)
    {
        ulong bits = double.IsNaN(value) ? 0x7FFF_FFFF_0000_0000 : BitConverter.DoubleToUInt64Bits(value);
        bits = (bits & 0x7FF0_0000_0000_0000) == 0 ? bits & 0x8000_0000_0000_0000 : bits;
        return bits & 0xFFFF_FFFF_0000_0000;
    }
}
