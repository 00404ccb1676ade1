namespace GpuDecodeBench.Reporting.Charts;

/// <summary>An entry of a legend.</summary>
/// <param name="Name">What it names.</param>
/// <param name="Colour">The colour, an index of <see cref="ChartPalette"/>.</param>
/// <param name="Line">The line; none for areas and marks alone.</param>
/// <param name="HasMark">Whether there is a mark.</param>
/// <param name="IsArea">Whether it stands for an area, a segment of a bar.</param>
public sealed record LegendEntry(string Name, int Colour, LineStyle Line, bool HasMark, bool IsArea = false);
