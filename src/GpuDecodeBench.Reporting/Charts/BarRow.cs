namespace GpuDecodeBench.Reporting.Charts;

/// <summary>A bar with its name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Segments">The parts of the bar, from zero on; empty where there is no value.</param>
/// <param name="Text">What stands behind the bar: the value with its unit, or why there is none.</param>
/// <param name="About">What is shown when a pointer rests on it.</param>
public sealed record BarRow(string Name, IReadOnlyList<BarSegment> Segments, string Text, string About = "")
{
    /// <summary>The error bar around the end; null for none.</summary>
    public (double Low, double High)? Range { get; init; }

    /// <summary>What the error bar is, under the text; null where the chart's caption says it.</summary>
    public string? RangeText { get; init; }

    /// <summary>A value to hold the bar against, drawn as a line across it; null for none.</summary>
    public double? Target { get; init; }

    /// <summary>The sum of the segments.</summary>
    public double Total => Segments.Sum(segment => segment.Value);
}
