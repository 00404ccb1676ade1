namespace GpuDecodeBench.Reporting.Charts;

/// <summary>A line across the plot at one value: a price, a limit, a median.</summary>
/// <param name="Value">The value, in the axis' unit.</param>
/// <param name="Label">What it is.</param>
/// <param name="IsVertical">Whether it stands at a value of the horizontal axis.</param>
public sealed record ReferenceLine(double Value, string Label, bool IsVertical = false);
