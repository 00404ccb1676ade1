namespace GpuDecodeBench.Reporting.Charts;

/// <summary>A point of a chart.</summary>
/// <param name="X">Its place along the horizontal axis, in that axis' unit.</param>
/// <param name="Y">Its place along the vertical axis, in that axis' unit.</param>
/// <param name="About">What is shown when a pointer rests on it: what it is, its figures, where they come from.</param>
/// <param name="Label">A word beside it where there is room; null for none.</param>
public sealed record ChartPoint(double X, double Y, string About = "", string? Label = null)
{
    /// <summary>The horizontal error bar; null for none.</summary>
    public (double Low, double High)? XRange { get; init; }

    /// <summary>The vertical error bar; null for none.</summary>
    public (double Low, double High)? YRange { get; init; }
}
