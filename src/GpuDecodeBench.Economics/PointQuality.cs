using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics;

/// <summary>What speaks against pricing a measured point.</summary>
public static class PointQuality
{
    /// <summary>The reason code of a point whose device lowered its clocks.</summary>
    public const string Throttled = "throttled";

    /// <summary>Clocks that somebody chose, or a display needs, are those that were meant to be measured.</summary>
    private static readonly string[] Chosen = ["applicationClocks", "displayClocks", "idle"];

    /// <summary>Whether the point may be priced without being asked for: valid, and its device did not lower its clocks.</summary>
    /// <param name="point">The point.</param>
    public static bool IsSound(PointRecord point)
    {
        ArgumentNullException.ThrowIfNull(point);
        return point.Valid && !IsThrottled(point);
    }

    /// <summary>Whether the device lowered its clocks while the point was measured.</summary>
    /// <param name="point">The point.</param>
    public static bool IsThrottled(PointRecord point)
    {
        ArgumentNullException.ThrowIfNull(point);
        return point.ThrottleReasons.Except(Chosen, StringComparer.Ordinal).Any();
    }

    /// <summary>Codes of everything that speaks against it; empty where it is sound.</summary>
    /// <param name="point">The point.</param>
    public static IReadOnlyList<string> ReasonsAgainst(PointRecord point)
    {
        ArgumentNullException.ThrowIfNull(point);
        return !IsThrottled(point) || point.InvalidReasons.Contains(Throttled)
            ? point.InvalidReasons
            : [.. point.InvalidReasons, Throttled];
    }
}
