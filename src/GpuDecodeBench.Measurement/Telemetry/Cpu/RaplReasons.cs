namespace GpuDecodeBench.Measurement.Telemetry.Cpu;

/// <summary>Why the CPU's energy cannot be told.</summary>
internal static class RaplReasons
{
    /// <summary>The kernel shows no energy counters.</summary>
    public const string NotPresent = "rapl.notPresent";

    /// <summary>The counters are for the superuser alone.</summary>
    public const string PermissionDenied = "rapl.permissionDenied";

    /// <summary>A counter is there and gives no number, or one beyond its range.</summary>
    public const string Unreadable = "rapl.unreadable";

    /// <summary>The counter went backwards and its range is not known.</summary>
    public const string RangeUnknown = "rapl.rangeUnknown";

    /// <summary>The last reading is so long ago that the counter may have gone round more than once.</summary>
    public const string WrapAmbiguous = "rapl.wrapAmbiguous";

    /// <summary>There is a counter of energy and no reading of power: power is the counter's difference over time.</summary>
    public const string CounterOnly = "rapl.counterOnly";
}
