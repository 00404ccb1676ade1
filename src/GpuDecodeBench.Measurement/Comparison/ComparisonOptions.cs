namespace GpuDecodeBench.Measurement.Comparison;

/// <summary>How to compare.</summary>
public sealed record ComparisonOptions
{
    /// <summary>In what a difference must show.</summary>
    public Yardstick Yardstick { get; init; }

    /// <summary>Whether other hardware, formats and layers are compared all the same.</summary>
    public bool Across { get; init; }

    /// <summary>Whether invalid and throttled points are compared all the same.</summary>
    public bool IncludeInvalid { get; init; }
}
