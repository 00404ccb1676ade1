namespace GpuDecodeBench.Workload.Formats;

/// <summary>
/// OCP FP8 E4M3: 1 sign bit, 4 exponent bits with bias 7, 3 mantissa bits, subnormals, no infinity, and NaN at 0x7F and 0xFF
/// (OCP 8-bit Floating Point Specification (OFP8), revision 1.0, 2023; Micikevicius et al., arXiv:2209.05433, table 1).
/// </summary>
public static class Fp8E4M3
{
    /// <summary>The largest finite value, 1.75 × 2^8 (OFP8 1.0).</summary>
    public const double MaxValue = 448;

    private const int MantissaBits = 3;
    private const int MinExponent = -6;
    private const int MaxFiniteMagnitude = 0x7E;
    private const int NaNMagnitude = 0x7F;
    private const int SignBit = 0x80;

    /// <summary>The values of all 256 codes.</summary>
    private static readonly double[] s_values = BuildValues();

    /// <summary>The values of all 256 codes, for loops over many of them.</summary>
    internal static ReadOnlySpan<double> Values => s_values;

    /// <summary>
    /// The code nearest to a value, ties to the even code, in the specification's saturating mode: values beyond ±448,
    /// infinities included, give ±448. A NaN gives the NaN code of the same sign.
    /// </summary>
    /// <param name="value">Any double.</param>
    public static byte Encode(double value)
    {
        int sign = double.IsNegative(value) ? SignBit : 0;
        double absolute = Math.Abs(value);
        if (absolute <= MaxValue)
        {
            return (byte)(sign | SmallFloat.RoundToMagnitude(absolute, MantissaBits, MinExponent));
        }

        return (byte)(sign | (double.IsNaN(value) ? NaNMagnitude : MaxFiniteMagnitude));
    }

    /// <summary>The value of a code, exactly; 0x7F and 0xFF give NaN of their sign.</summary>
    /// <param name="code">Any 8 bits.</param>
    public static double Decode(byte code) => s_values[code];

    private static double[] BuildValues()
    {
        // double.NaN is negative in .NET; the sign of a code's NaN is that of the code.
        double[] values = new double[256];
        for (int magnitude = 0; magnitude <= NaNMagnitude; magnitude++)
        {
            double value =
                magnitude == NaNMagnitude
                    ? Math.Abs(double.NaN)
                    : SmallFloat.ValueOfMagnitude(magnitude, MantissaBits, MinExponent);
            values[magnitude] = value;
            values[SignBit | magnitude] = -value;
        }

        return values;
    }
}
