namespace GpuDecodeBench.Workload.Formats;

/// <summary>
/// IEEE 754-2019 binary16: 1 sign bit, 5 exponent bits with bias 15, 10 mantissa bits, subnormals, infinities and NaN
/// (IEEE 754-2019, section 3.4 and table 3.5).
/// </summary>
public static class Fp16
{
    /// <summary>The largest finite value, (2 − 2^−10) × 2^15.</summary>
    public const double MaxValue = 65504;

    private const int MantissaBits = 10;
    private const int MinExponent = -14;
    private const ushort MaxFiniteCode = 0x7BFF;
    private const ushort InfinityCode = 0x7C00;

    /// <summary>
    /// The code nearest to a value, ties to the even code. From 65520 on, halfway to the next binade, the result is an
    /// infinity. A NaN gives a quiet NaN of the same sign.
    /// </summary>
    /// <param name="value">Any double.</param>
    public static ushort Encode(double value) => SmallFloat.EncodeIeee16(value, MantissaBits, MinExponent);

    /// <summary>The value of a code, exactly; a NaN code gives a quiet NaN.</summary>
    /// <param name="code">Any 16 bits.</param>
    public static double Decode(ushort code) =>
        (code & InfinityCode) != InfinityCode
            ? (double)BitConverter.UInt16BitsToHalf(code)
            : SmallFloat.DecodeIeee16(code, MantissaBits, MinExponent);

    /// <summary>
    /// The code of a scale: the smallest finite value that is not below <paramref name="value"/>, so that a range divided by
    /// the stored scale never exceeds the codes it was divided for. Above <see cref="MaxValue"/> it is <see cref="MaxValue"/>.
    /// </summary>
    /// <param name="value">A finite value above zero.</param>
    internal static ushort EncodeScaleUp(double value)
    {
        ushort nearest = Encode(value);
        if (Decode(nearest) < value)
        {
            nearest++;
        }

        return Math.Min(nearest, MaxFiniteCode);
    }
}
