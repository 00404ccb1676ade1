namespace GpuDecodeBench.Reporting;

/// <summary>A ratio with its 95 % interval, as percentages of change.</summary>
/// <param name="Ratio">The ratio.</param>
/// <param name="Low">The lower end; null where there is no interval.</param>
/// <param name="High">The upper end; null where there is no interval.</param>
public sealed record RatioText(double Ratio, double? Low, double? High)
{
    /// <summary>For example <c>+12.3</c>, in per cent.</summary>
    /// <param name="ratio">A ratio.</param>
    public static string Change(double ratio) =>
        ((ratio - 1) * 100).ToString("+0.0;-0.0;0.0", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>For example <c>+11.9 to +12.8</c>; null without an interval.</summary>
    public string? Interval => Low is double low && High is double high ? $"{Change(low)} to {Change(high)}" : null;
}
