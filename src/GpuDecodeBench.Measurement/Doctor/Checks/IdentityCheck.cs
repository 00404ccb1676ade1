using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Doctor.Checks;

/// <summary>What the driver says of the device against what the catalogue says of a device of its name.</summary>
internal sealed class IdentityCheck() : DoctorCheck("identity", "the device is what its name says", DoctorTargets.Gpu)
{
    /// <summary>Drivers keep a part of the memory for themselves: 0.4 to 2 % on the cards seen.</summary>
    private const double MemoryTolerance = 0.025;

    /// <summary>GDDR keeps its ECC codes in the memory itself: one part in sixteen. HBM has bits of its own for them.</summary>
    private const double InlineEccShare = 1.0 / 16;

    /// <summary>The widest bus of a card with GDDR, in bits; HBM's begin at 4096.</summary>
    private const int WidestGddrBus = 512;

    private const double CacheTolerance = 0.25;

    /// <summary>Datasheets round: an H200's clock and bus give 4.92 TB/s where its datasheet says 4.8.</summary>
    private const double ClockTolerance = 0.06;

    protected override CheckResult Decide(DoctorFacts facts)
    {
        if (facts.Device.IsEmulated)
        {
            return Skip("emulated", "an emulated device is in no catalogue");
        }

        if (facts.Device.IsMigInstance == true)
        {
            return Skip("migInstance", "the device is a part of a GPU, which no catalogue lists", facts.Device.Name);
        }

        if (facts.Catalogue is not HardwareEntry entry)
        {
            return Skip("notInCatalogue", "the catalogue has no device of this name", facts.Device.Name);
        }

        (List<string> same, List<string> different) = Compare(facts, entry);
        string source = $"hardware catalogue, {entry.Name}";
        string expected = string.Join(", ", Expected(entry));
        if (different.Count > 0)
        {
            return Fail(
                $"{facts.Device.Name} with {DoctorText.List(different)}",
                expected,
                source,
                "The name and the hardware do not belong together: a variant that the catalogue does not know, or a card under another's name. Look at bandwidth-read and compute-rate, which do not rest on what the driver says, and ask the seller."
            );
        }

        return same.Count == 0
            ? Skip("notTold", "neither driver nor catalogue say anything that could be compared", facts.Device.Name)
            : Pass($"{facts.Device.Name}: {string.Join(", ", same)}", expected, source);
    }

    /// <summary>What agrees with any of the catalogue's values, and what with none, each in words.</summary>
    private static (List<string> Same, List<string> Different) Compare(DoctorFacts facts, HardwareEntry entry)
    {
        List<string> same = [];
        List<string> different = [];
        One("multiprocessors", facts.Device.MultiprocessorCount, entry.MultiprocessorCount, 0, Count);
        One("bits of memory bus", facts.Device.MemoryBusBits, entry.MemoryBusBits, 0, Count);
        One("of L2", facts.Device.LastLevelCacheBytes, entry.LastLevelCacheBytes, CacheTolerance, DoctorText.Memory);
        One("of memory", facts.Device.MemoryBytes, entry.MemoryBytes, MemoryToleranceOf(facts), DoctorText.Memory);
        double? clocked = facts.Device is { MemoryClockHz: double clock, MemoryBusBits: int bits }
            ? ClockInfo.BandwidthOf(clock, bits)
            : null;
        One("by memory clock × bus width", clocked, entry.MemoryBytesPerSecond, ClockTolerance, DoctorText.Rate);
        if (facts.State?.Name.TryGet(out string? name) == true && name != facts.Device.Name)
        {
            different.Add($"the management library naming it {name}");
        }

        return (same, different);

        void One(
            string what,
            double? reported,
            IReadOnlyList<SourcedValue> listed,
            double tolerance,
            Func<double, string> text
        )
        {
            if (reported is double value && listed.Count > 0)
            {
                bool matches = listed.Any(one => Math.Abs((value / one.Value) - 1) <= tolerance);
                (matches ? same : different).Add($"{text(value)} {what}");
            }
        }
    }

    private static double MemoryToleranceOf(DoctorFacts facts) =>
        MemoryTolerance + (facts.Device is { HasEcc: true, MemoryBusBits: <= WidestGddrBus } ? InlineEccShare : 0);

    private static string Count(double value) => DoctorText.Text($"{value:0}");

    private static IEnumerable<string> Expected(HardwareEntry entry)
    {
        if (entry.MultiprocessorCount.Count > 0)
        {
            yield return $"{Count(entry.MultiprocessorCount[0].Value)} multiprocessors";
        }

        if (entry.MemoryBusBits.Count > 0)
        {
            yield return $"{string.Join(" or ", entry.MemoryBusBits.Select(one => Count(one.Value)).Distinct())} bits of memory bus";
        }

        if (entry.LastLevelCacheBytes.Count > 0)
        {
            yield return $"{DoctorText.Memory(entry.LastLevelCacheBytes[0].Value)} of L2";
        }

        if (entry.MemoryBytesPerSecond.Count > 0)
        {
            yield return $"{DoctorText.Rate(entry.MemoryBytesPerSecond[0].Value)} of bandwidth";
        }

        if (entry.MemoryBytes.Count > 0)
        {
            yield return $"{DoctorText.Memory(entry.MemoryBytes[0].Value)} of memory";
        }
    }
}
