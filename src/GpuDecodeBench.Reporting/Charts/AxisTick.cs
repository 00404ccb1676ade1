namespace GpuDecodeBench.Reporting.Charts;

/// <summary>A place on an axis that has a line and, where there is room, a number.</summary>
/// <param name="Value">The value.</param>
/// <param name="Label">Its number for people.</param>
public sealed record AxisTick(double Value, string Label);
