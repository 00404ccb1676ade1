namespace GpuDecodeBench.Measurement.Statistics;

/// <summary>A median and how well it is known.</summary>
/// <param name="MedianSeconds">The median.</param>
/// <param name="Ci95LowSeconds">The lower end of its 95 % confidence interval; null below 6 samples.</param>
/// <param name="Ci95HighSeconds">The upper end of its 95 % confidence interval; null below 6 samples.</param>
/// <param name="Count">Samples it rests on.</param>
public sealed record MedianEstimate(double MedianSeconds, double? Ci95LowSeconds, double? Ci95HighSeconds, int Count)
{
    /// <summary>
    /// (high − low) / 2 / median, a fraction: 0.005 means that the median is known to ± 0.5 %. Null where there is no
    /// interval, and where the median is zero.
    /// </summary>
    public double? RelativeHalfWidth =>
        MedianSeconds > 0 ? (Ci95HighSeconds - Ci95LowSeconds) / 2 / MedianSeconds : null;
}
