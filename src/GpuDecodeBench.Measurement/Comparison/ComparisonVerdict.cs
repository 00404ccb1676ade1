namespace GpuDecodeBench.Measurement.Comparison;

/// <summary>What a comparison says.</summary>
public enum ComparisonVerdict
{
    /// <summary>Shown to take less time than the baseline.</summary>
    Faster,

    /// <summary>Shown to take more time than the baseline.</summary>
    Slower,

    /// <summary>No difference is shown; that is not the same as none.</summary>
    NoDifferenceShown,

    /// <summary>The two do not measure the same thing, or one did not measure properly.</summary>
    NotComparable,
}
