namespace GpuDecodeBench.Reporting.Charts;

/// <summary>A stretch of the horizontal axis that is shaded.</summary>
/// <param name="From">Its beginning.</param>
/// <param name="To">Its end.</param>
/// <param name="About">What it is.</param>
public sealed record ChartBand(double From, double To, string About);
