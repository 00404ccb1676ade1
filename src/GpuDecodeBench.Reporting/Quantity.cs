using System.Globalization;
using GpuDecodeBench.Economics;

namespace GpuDecodeBench.Reporting;

/// <summary>Quantities with their units, for people. SI prefixes are decimal; GiB where binary is meant.</summary>
public static class Quantity
{
    private static readonly (double Scale, string Prefix)[] s_si =
    [
        (1e15, "P"),
        (1e12, "T"),
        (1e9, "G"),
        (1e6, "M"),
        (1e3, "k"),
        (1, ""),
    ];

    private static readonly (double Scale, string Prefix)[] s_binary =
    [
        (1L << 40, "Ti"),
        (1L << 30, "Gi"),
        (1L << 20, "Mi"),
        (1L << 10, "Ki"),
        (1, ""),
    ];

    /// <summary>Bytes in decimal units, for example <c>16.1 GB</c>.</summary>
    /// <param name="bytes">The bytes.</param>
    public static string Bytes(double bytes) => Scaled(bytes, s_si, "B");

    /// <summary>Bytes in binary units, for example <c>140 GiB</c>.</summary>
    /// <param name="bytes">The bytes.</param>
    public static string BinaryBytes(double bytes) => Scaled(bytes, s_binary, "B");

    /// <summary>A rate of bytes in decimal units, for example <c>4.37 TB/s</c>.</summary>
    /// <param name="bytesPerSecond">Bytes per second.</param>
    public static string Rate(double bytesPerSecond) => Scaled(bytesPerSecond, s_si, "B/s");

    /// <summary>A time in the unit that suits it, for example <c>4.21 ms</c> or <c>17.0 µs</c>.</summary>
    /// <param name="seconds">The time, in seconds.</param>
    public static string Seconds(double seconds) =>
        Math.Abs(seconds) switch
        {
            0 => "0 s",
            >= 1 => $"{Digits(seconds)} s",
            >= 1e-3 => $"{Digits(seconds * 1e3)} ms",
            >= 1e-6 => $"{Digits(seconds * 1e6)} µs",
            _ => $"{Digits(seconds * 1e9)} ns",
        };

    /// <summary>A fraction as a percentage with one decimal, without the sign: <c>87.5</c>.</summary>
    /// <param name="fraction">The fraction.</param>
    public static string Percent(double fraction) => (fraction * 100).ToString("0.0", CultureInfo.InvariantCulture);

    /// <summary>The same, where a share above zero must not be written as none, for example <c>&lt; 0.1</c>.</summary>
    public static string PercentAboveZero(double fraction) =>
        fraction is > 0 and < 0.0005 ? "< 0.1" : Percent(fraction);

    /// <summary>A fraction as a whole percentage with its sign, for sentences: <c>88 %</c>; small ones as <c>0.4 %</c>.</summary>
    /// <param name="fraction">The fraction.</param>
    public static string RoundPercent(double fraction) =>
        (fraction * 100).ToString(Math.Abs(fraction) < 0.0095 ? "0.#" : "0", CultureInfo.InvariantCulture) + " %";

    /// <summary>US dollars, for example <c>$2.97</c>; three significant digits at least.</summary>
    /// <param name="usd">US dollars.</param>
    public static string Usd(double usd) => "$" + Digits(usd);

    /// <summary>A number with three significant digits at least.</summary>
    /// <param name="value">The number.</param>
    public static string Digits(double value) => SignificantDigits.Format(value, 3);

    /// <summary>A value's text, or a dash with the reason where there is none; never a zero.</summary>
    /// <param name="value">The value; null where it is not known.</param>
    /// <param name="reason">Why it is not known, a code or words.</param>
    /// <param name="text">Makes the text.</param>
    public static string OrDash(double? value, string? reason, Func<double, string> text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (value is double known)
        {
            return text(known);
        }

        return reason is null ? ResultCell.Dash : $"{ResultCell.Dash} ({ReasonWords.Of(reason)})";
    }

    private static string Scaled(double value, (double Scale, string Prefix)[] scales, string unit)
    {
        // A value that rounds up to the next unit's first step is shown in that unit: 999.9 MB is 1.00 GB.
        (double scale, string prefix) = Array.Find(scales, step => Math.Abs(value) >= step.Scale * 0.9995);
        return scale <= 1
            ? $"{value.ToString("#,0.##", CultureInfo.InvariantCulture)} {unit}"
            : $"{Digits(value / scale)} {prefix}{unit}";
    }
}
