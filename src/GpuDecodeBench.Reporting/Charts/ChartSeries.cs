namespace GpuDecodeBench.Reporting.Charts;

/// <summary>Points that belong together.</summary>
/// <param name="Name">The name in the legend.</param>
/// <param name="Colour">The colour, an index of <see cref="ChartPalette"/>.</param>
/// <param name="Points">The points; a line connects them in this order.</param>
public sealed record ChartSeries(string Name, int Colour, IReadOnlyList<ChartPoint> Points)
{
    /// <summary>The line between the points.</summary>
    public LineStyle Line { get; init; }

    /// <summary>Whether points have marks.</summary>
    public bool HasMarks { get; init; } = true;

    /// <summary>Whether marks are small and hollow: parts of what other marks show.</summary>
    public bool IsMinor { get; init; }

    /// <summary>Whether the legend names it.</summary>
    public bool InLegend { get; init; } = true;

    /// <summary>The shape of the marks.</summary>
    public MarkShape Shape => ChartPalette.ShapeOf(Colour);
}
