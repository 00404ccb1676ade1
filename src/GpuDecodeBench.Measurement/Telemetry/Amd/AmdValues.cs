namespace GpuDecodeBench.Measurement.Telemetry.Amd;

/// <summary>Numbers as AMD's libraries give them.</summary>
internal static class AmdValues
{
    /// <summary>No card takes a tenth of a megawatt, and no cap is below a tenth of a watt: above stand microwatts, below watts.</summary>
    private const ulong FirstMicrowatts = 100_000;

    /// <summary>A count; null where it is of ones or beyond what a count can be.</summary>
    public static long? Signed(ulong value) => value > long.MaxValue ? null : (long)value;

    /// <summary>
    /// A power cap in watts; null for none. Headers say microwatts; amdsmi's say watts for its hosts, and its older libraries gave those
    /// everywhere.
    /// </summary>
    public static double? CapWatts(ulong cap) =>
        cap is 0 or ulong.MaxValue or uint.MaxValue ? null
        : cap < FirstMicrowatts ? cap
        : cap / 1e6;
}
