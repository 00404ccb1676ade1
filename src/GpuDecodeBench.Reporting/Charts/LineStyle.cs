namespace GpuDecodeBench.Reporting.Charts;

/// <summary>How the points of a series are connected.</summary>
public enum LineStyle
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>By a line: measured, or computed from what was measured.</summary>
    Solid,

    /// <summary>By a broken line: from a datasheet, or predicted.</summary>
    Dashed,

    /// <summary>By a wide pale line behind everything else.</summary>
    Halo,
}
