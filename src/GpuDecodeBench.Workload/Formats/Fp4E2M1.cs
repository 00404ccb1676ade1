namespace GpuDecodeBench.Workload.Formats;

/// <summary>
/// FP4 E2M1: 1 sign bit, 2 exponent bits with bias 1, 1 mantissa bit, one subnormal, neither infinity nor NaN, so the
/// magnitudes 0, 0.5, 1, 1.5, 2, 3, 4 and 6 (OCP Microscaling Formats (MX) Specification 1.0, section 5.3.3).
/// </summary>
public static class Fp4E2M1
{
    /// <summary>The largest value, 1.5 × 2^2 (MX 1.0, section 5.3.3).</summary>
    public const double MaxValue = 6;

    private const int MantissaBits = 1;
    private const int MinExponent = 0;
    private const int MaxMagnitude = 7;
    private const int SignBit = 8;

    /// <summary>The values of all 16 codes.</summary>
    private static readonly double[] s_values = BuildValues();

    /// <summary>The values of all 16 codes, for loops over many of them.</summary>
    internal static ReadOnlySpan<double> Values => s_values;

    /// <summary>
    /// The code nearest to a value, 0 … 15, ties to the even code; values beyond ±6, infinities included, give ±6. The MX
    /// specification leaves the conversion of NaN to the implementation; here it gives +6 whatever its sign, as PTX
    /// <c>cvt.rn.satfinite.e2m1x2</c> does (PTX ISA 9.0, section 9.7.9.21, modifier
    /// <c>.satfinite</c>: in formats without NaN, NaN becomes the positive largest normal).
    /// </summary>
    /// <param name="value">Any double.</param>
    public static byte Encode(double value)
    {
        if (double.IsNaN(value))
        {
            return MaxMagnitude;
        }

        int sign = double.IsNegative(value) ? SignBit : 0;
        double absolute = Math.Min(Math.Abs(value), MaxValue);
        return (byte)(sign | SmallFloat.RoundToMagnitude(absolute, MantissaBits, MinExponent));
    }

    /// <summary>The value of a code, exactly.</summary>
    /// <param name="code">A code from 0 to 15.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="code"/> is above 15.</exception>
    public static double Decode(byte code)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(code, (byte)(SignBit | MaxMagnitude));
        return s_values[code];
    }

    private static double[] BuildValues()
    {
        double[] values = new double[16];
        for (int magnitude = 0; magnitude <= MaxMagnitude; magnitude++)
        {
            double value = SmallFloat.ValueOfMagnitude(magnitude, MantissaBits, MinExponent);
            values[magnitude] = value;
            values[SignBit | magnitude] = -value;
        }

        return values;
    }
}
