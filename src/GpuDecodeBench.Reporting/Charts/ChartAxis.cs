namespace GpuDecodeBench.Reporting.Charts;

/// <summary>An axis: what it shows, in which unit, on which scale.</summary>
/// <param name="Name">What it shows, for example <c>Time of a step</c>.</param>
/// <param name="Unit">The unit; null for plain numbers.</param>
/// <param name="Scale">The scale.</param>
public sealed record ChartAxis(string Name, string? Unit, AxisScale Scale)
{
    /// <summary>Name and unit, for example <c>Time of a step (ms)</c>.</summary>
    public string Title => Unit is null ? Name : $"{Name} ({Unit})";
}
