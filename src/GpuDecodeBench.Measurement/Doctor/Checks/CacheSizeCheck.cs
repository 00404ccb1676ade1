using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>Where reading slows down as the working set grows, against the last-level cache that the device should have.</summary>
internal sealed class CacheSizeCheck()
    : DoctorCheck(
        "cache-size",
        "the last-level cache is as large as it says",
        DoctorTargets.All,
        DoctorProbes.Sweep,
        restsOnTime: true
    )
{
    /// <summary>Since Ampere the L2 of large chips lies in two halves, and both may hold what is read from both.</summary>
    private const double SmallestGpu = 0.35;

    /// <summary>Sets somewhat beyond the cache still find a part of themselves in it.</summary>
    private const double Largest = 2.2;

    /// <summary>Other tenants of a processor take their share of its cache.</summary>
    private const double SmallestCpu = 0.25;

    protected override CheckResult Decide(DoctorFacts facts)
    {
        if (facts.Sweep is not { Count: > 0 } sweep)
        {
            return Skip("notMeasured");
        }

        double? listed = facts.Catalogue is { LastLevelCacheBytes: [SourcedValue first, ..] } ? first.Value : null;
        string source = listed is null ? "the driver or the system" : $"hardware catalogue, {facts.Catalogue!.Name}";
        if ((listed ?? facts.Device.LastLevelCacheBytes) is not double expected)
        {
            return Skip("noSpecification", "nobody says how large the cache is");
        }

        string expectedWords = DoctorText.Memory(expected);
        if (sweep[^1].Bytes < 2 * expected)
        {
            return Skip("outOfTime", "the time ended before sets beyond the cache were read");
        }

        if (CacheKnee.Find(sweep) is not double knee)
        {
            return Skip(
                "noKnee",
                "reading does not slow down as the set grows: something else is slower than memory, or others use the cache"
            );
        }

        double share = knee / expected;
        double smallest = facts.Device.IsHost ? SmallestCpu : SmallestGpu;
        string words = $"slower from {DoctorText.Memory(knee)} on, {DoctorText.Percent(share)} of {expectedWords}";
        string range = $"{DoctorText.Memory(smallest * expected)} to {DoctorText.Memory(Largest * expected)}";
        if (share >= smallest && share <= Largest)
        {
            return Pass(words, range, source);
        }

        return facts.Device.IsHost || facts.Device.IsMigInstance == true
            ? Warn(
                words,
                range,
                source,
                "The cache is shared with others, or cut for this machine; what fits it elsewhere may not here."
            )
            : Fail(words, range, source, "The cache is that of another chip: see identity and compute-rate.");
    }
}
