namespace GpuDecodeBench.Workload.Formats;

/// <summary>
/// E8M0, the scale of the MX formats: eight exponent bits with bias 127, no sign and no mantissa, so the value of a code is
/// 2^(code − 127); 0xFF is NaN, and there are neither zero nor infinity (OCP Microscaling Formats (MX) Specification 1.0,
/// section 5.4.1).
/// </summary>
public static class E8M0
{
    private const int Bias = 127;
    private const byte MaxFiniteCode = 0xFE;
    private const byte NaNCode = 0xFF;

    /// <summary>The values of all 256 codes.</summary>
    private static readonly double[] s_values = BuildValues();

    /// <summary>The values of all 256 codes, for loops over many of them.</summary>
    internal static ReadOnlySpan<double> Values => s_values;

    /// <summary>
    /// The code of the largest power of two that is not above a value: E8M0 holds exponents, and the MX rule for a scale
    /// takes the floor of a logarithm (MX 1.0, section 6.3), which PTX offers as <c>cvt.rz.satfinite.ue8m0x2</c>. Values
    /// below 2^−127, zero included, give code 0; values above 2^127, infinity included, give 0xFE; NaN, and a negative value,
    /// which the format cannot hold, give 0xFF.
    /// </summary>
    /// <param name="value">Any double.</param>
    public static byte Encode(double value)
    {
        if (double.IsNaN(value) || value < 0)
        {
            return NaNCode;
        }

        if (double.IsInfinity(value))
        {
            return MaxFiniteCode;
        }

        return value == 0 ? (byte)0 : (byte)Math.Clamp(Math.ILogB(value) + Bias, 0, MaxFiniteCode);
    }

    /// <summary>The value of a code, exactly; 0xFF gives NaN.</summary>
    /// <param name="code">Any 8 bits.</param>
    public static double Decode(byte code) => s_values[code];

    private static double[] BuildValues()
    {
        double[] values = new double[256];
        for (int code = 0; code <= MaxFiniteCode; code++)
        {
            values[code] = SmallFloat.PowerOfTwo(code - Bias);
        }

        values[NaNCode] = double.NaN;
        return values;
    }
}
