namespace GpuDecodeBench.Reporting.Html;

/// <summary>A roof: what memory and arithmetic allow at each intensity.</summary>
/// <param name="Name">What it is.</param>
/// <param name="BytesPerSecond">What memory allows.</param>
/// <param name="FlopsPerSecond">What arithmetic allows; null where that is not known.</param>
/// <param name="IsDatasheet">Whether it is not measured.</param>
internal sealed record Roof(string Name, double BytesPerSecond, double? FlopsPerSecond, bool IsDatasheet)
{
    /// <summary>The intensity at which memory and arithmetic allow the same; null without both.</summary>
    public double? Ridge => FlopsPerSecond / BytesPerSecond;

    /// <summary>What is allowed at an intensity, in FLOP/s.</summary>
    public double At(double intensity) =>
        Math.Min(BytesPerSecond * intensity, FlopsPerSecond ?? double.PositiveInfinity);
}
