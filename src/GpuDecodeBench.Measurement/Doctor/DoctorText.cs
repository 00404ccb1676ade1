using System.Globalization;

namespace GpuDecodeBench.Measurement.Doctor;

/// <summary>Figures in the words of verdicts.</summary>
internal static class DoctorText
{
    /// <summary>Bytes per second, for example <c>4.37 TB/s</c>.</summary>
    public static string Rate(double bytesPerSecond) => Scaled(bytesPerSecond, "B/s");

    /// <summary>Floating-point operations per second.</summary>
    public static string Flops(double perSecond) => Scaled(perSecond, "FLOP/s");

    /// <summary>Memory in binary units.</summary>
    public static string Memory(double bytes) =>
        bytes switch
        {
            >= 1L << 30 => Text($"{bytes / (1L << 30):0.##} GiB"),
            >= 1L << 20 => Text($"{bytes / (1L << 20):0.##} MiB"),
            >= 1L << 10 => Text($"{bytes / (1L << 10):0.##} KiB"),
            _ => Text($"{bytes:0} bytes"),
        };

    /// <summary>A share as a percentage.</summary>
    public static string Percent(double share) => Text($"{share * 100:0.#} %");

    /// <summary>A clock in MHz.</summary>
    public static string Clock(double hertz) => Text($"{hertz / 1e6:0} MHz");

    /// <summary>A time.</summary>
    public static string Time(double seconds) =>
        seconds switch
        {
            >= 1 => Text($"{seconds:0.0#} s"),
            >= 1e-3 => Text($"{seconds * 1e3:0.0#} ms"),
            _ => Text($"{seconds * 1e6:0.#} µs"),
        };

    /// <summary>Text with invariant figures.</summary>
    public static string Text(FormattableString text) => FormattableString.Invariant(text);

    /// <summary>Sentences' words for a list: a, b and c.</summary>
    public static string List(IReadOnlyList<string> words) =>
        words.Count < 2 ? string.Concat(words) : $"{string.Join(", ", words.SkipLast(1))} and {words[^1]}";

    private static string Scaled(double value, string unit)
    {
        (double scale, string prefix) = value switch
        {
            >= 1e12 => (1e12, "T"),
            >= 1e9 => (1e9, "G"),
            >= 1e6 => (1e6, "M"),
            _ => (1.0, ""),
        };
        double scaled = value / scale;
        string format =
            scaled >= 100 ? "0"
            : scaled >= 10 ? "0.0"
            : "0.00";
        return $"{scaled.ToString(format, CultureInfo.InvariantCulture)} {prefix}{unit}";
    }
}
