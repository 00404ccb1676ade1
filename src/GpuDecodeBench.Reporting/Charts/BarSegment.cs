namespace GpuDecodeBench.Reporting.Charts;

/// <summary>A part of a bar.</summary>
/// <param name="Name">What it is, as in the legend.</param>
/// <param name="Value">How long it is, in the axis' unit; not below zero.</param>
/// <param name="Colour">The colour, an index of <see cref="ChartPalette"/>.</param>
/// <param name="About">What is shown when a pointer rests on it.</param>
public sealed record BarSegment(string Name, double Value, int Colour, string About = "");
