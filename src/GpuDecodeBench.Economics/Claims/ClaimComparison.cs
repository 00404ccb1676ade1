namespace GpuDecodeBench.Economics.Claims;

/// <summary>How a computed value must stand to a claimed one.</summary>
public enum ClaimComparison
{
    /// <summary>They must be the same.</summary>
    Equal,

    /// <summary>The first must be the second or more.</summary>
    AtLeast,

    /// <summary>The first must be the second or less.</summary>
    AtMost,
}
