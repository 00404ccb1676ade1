namespace GpuDecodeBench.Workload.Formats;

/// <summary>
/// The arithmetic that every binary floating-point format narrower than double shares. A format is given by its stored
/// mantissa bits and the exponent of its smallest normal number; a magnitude is its code without the sign bit.
/// </summary>
internal static class SmallFloat
{
    private const int DoubleMantissaBits = 52;
    private const int DoubleExponentBias = 1023;

    /// <summary>2^<paramref name="exponent"/> for −1022 … 1023, exactly.</summary>
    public static double PowerOfTwo(int exponent) =>
        BitConverter.UInt64BitsToDouble((ulong)(exponent + DoubleExponentBias) << DoubleMantissaBits);

    /// <summary>
    /// Rounds a finite, non-negative value to the nearest magnitude, ties to the even one, as if the format's exponent had
    /// no upper limit; the caller decides what a magnitude above its largest finite one becomes.
    /// </summary>
    public static int RoundToMagnitude(double value, int mantissaBits, int minExponent)
    {
        int exponent = (int)(BitConverter.DoubleToUInt64Bits(value) >> DoubleMantissaBits) - DoubleExponentBias;
        exponent = Math.Max(exponent, minExponent);

        // The multiplication is by a power of two and exact, so the one rounding is the one to an integer. In the lowest
        // binade the count of steps is the code itself; each binade above adds 2^mantissaBits codes. A count that rounds up
        // to the next binade carries into the exponent field by itself.
        double steps = value * PowerOfTwo(mantissaBits - exponent);
        return ((exponent - minExponent) << mantissaBits) + (int)Math.Round(steps, MidpointRounding.ToEven);
    }

    /// <summary>The value of a finite magnitude, exactly.</summary>
    public static double ValueOfMagnitude(int magnitude, int mantissaBits, int minExponent)
    {
        int exponentField = magnitude >> mantissaBits;
        int steps = magnitude & ((1 << mantissaBits) - 1);
        if (exponentField > 0)
        {
            steps += 1 << mantissaBits;
            exponentField--;
        }

        return steps * PowerOfTwo(minExponent + exponentField - mantissaBits);
    }

    /// <summary>
    /// Rounds to a 16-bit IEEE 754 interchange format: overflow gives an infinity, a NaN stays a quiet NaN with its sign and
    /// the upper bits of its payload.
    /// </summary>
    public static ushort EncodeIeee16(double value, int mantissaBits, int minExponent)
    {
        ulong bits = BitConverter.DoubleToUInt64Bits(value);
        int sign = (int)(bits >> 63) << 15;
        int infinity = 0x7FFF & ~((1 << mantissaBits) - 1);
        if (double.IsNaN(value))
        {
            int payload = (int)(bits >> (DoubleMantissaBits - mantissaBits)) & ((1 << mantissaBits) - 1);
            return (ushort)(sign | infinity | (1 << (mantissaBits - 1)) | payload);
        }

        if (double.IsInfinity(value))
        {
            return (ushort)(sign | infinity);
        }

        int magnitude = RoundToMagnitude(Math.Abs(value), mantissaBits, minExponent);
        return (ushort)(sign | Math.Min(magnitude, infinity));
    }

    /// <summary>The value of a code of a 16-bit IEEE 754 interchange format, exactly; a NaN comes out quiet.</summary>
    public static double DecodeIeee16(ushort code, int mantissaBits, int minExponent)
    {
        int magnitude = code & 0x7FFF;
        int infinity = 0x7FFF & ~((1 << mantissaBits) - 1);
        if (magnitude < infinity)
        {
            double value = ValueOfMagnitude(magnitude, mantissaBits, minExponent);
            return code > 0x7FFF ? -value : value;
        }

        ulong bits = BitConverter.DoubleToUInt64Bits(double.PositiveInfinity) | ((ulong)(code >> 15) << 63);
        if (magnitude > infinity)
        {
            ulong payload = (uint)(magnitude - infinity) | (1u << (mantissaBits - 1));
            bits |= payload << (DoubleMantissaBits - mantissaBits);
        }

        return BitConverter.UInt64BitsToDouble(bits);
    }
}
