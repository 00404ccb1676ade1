using System.Globalization;

namespace GpuDecodeBench.Economics;

/// <summary>Numbers for people: as many digits as carry meaning, no exponent where one can be avoided.</summary>
public static class SignificantDigits
{
    private const int MostDecimals = 12;
    private const double LargestPlain = 1e15;

    /// <summary>
    /// The number with at least <paramref name="digits"/> significant digits; digits before the point are never cut. Thousands
    /// are set apart by commas. Trailing zeros of the asked precision are kept: they say how exact the number is.
    /// </summary>
    /// <param name="value">A finite number.</param>
    /// <param name="digits">Significant digits, at least 1.</param>
    /// <exception cref="ArgumentException">The number is not finite, or no digit is asked for.</exception>
    public static string Format(double value, int digits)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(digits);
        if (!double.IsFinite(value))
        {
            throw new ArgumentOutOfRangeException(nameof(value), value, "A finite number is required.");
        }

        if (value == 0)
        {
            return "0";
        }

        int decimals = Decimals(value, digits);
        if (decimals > MostDecimals || Math.Abs(value) >= LargestPlain)
        {
            return value.ToString("0." + new string('#', digits - 1) + "e-0", CultureInfo.InvariantCulture);
        }

        // Rounding up can add a digit: 9.996 at three digits is 10.0, not 10.00.
        double rounded = Math.Round(value, decimals, MidpointRounding.AwayFromZero);
        decimals = Math.Max(0, Decimals(rounded, digits));
        return rounded.ToString("N" + decimals.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }

    private static int Decimals(double value, int digits) =>
        Math.Max(0, digits - 1 - (int)Math.Floor(Math.Log10(Math.Abs(value))));
}
