namespace GpuDecodeBench.Workload.Formats;

/// <summary>
/// bfloat16: the upper half of IEEE 754 binary32, so 1 sign bit, 8 exponent bits with bias 127, 7 mantissa bits, subnormals,
/// infinities and NaN (Intel, "BFLOAT16 – Hardware Numerics Definition", 338302-001US, 2018). Subnormals are kept and
/// rounding is to nearest even, as in the PTX conversion <c>cvt.rn.bf16.f32</c>; Intel's definition flushes subnormals.
/// </summary>
public static class Bf16
{
    private const int MantissaBits = 7;
    private const int MinExponent = -126;
    private const ushort InfinityCode = 0x7F80;

    /// <summary>
    /// The code nearest to a value, ties to the even code; values that round beyond the largest finite one, (2 − 2^−7) ×
    /// 2^127, give an infinity. A NaN gives a quiet NaN of the same sign.
    /// </summary>
    /// <param name="value">Any double.</param>
    public static ushort Encode(double value) => SmallFloat.EncodeIeee16(value, MantissaBits, MinExponent);

    /// <summary>The value of a code, exactly; a NaN code gives a quiet NaN.</summary>
    /// <param name="code">Any 16 bits.</param>
    public static double Decode(ushort code) =>
        (code & InfinityCode) != InfinityCode
            ? BitConverter.Int32BitsToSingle(code << 16)
            : SmallFloat.DecodeIeee16(code, MantissaBits, MinExponent);
}
