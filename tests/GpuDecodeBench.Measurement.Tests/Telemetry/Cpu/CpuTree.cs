using GpuDecodeBench.Measurement.Tests.Environment;

namespace GpuDecodeBench.Measurement.Tests.Telemetry.Cpu;

/// <summary>The files of a machine's sensors, below a root of their own.</summary>
internal static class CpuTree
{
    public const string Powercap = "/sys/class/powercap";
    public const long RangeMicrojoules = 262_143_328_850;

    public static FixtureTree Zone(this FixtureTree tree, string zone, string name, long microjoules) =>
        tree.File($"{Powercap}/{zone}/name", name)
            .File($"{Powercap}/{zone}/energy_uj", $"{microjoules}")
            .File($"{Powercap}/{zone}/max_energy_range_uj", $"{RangeMicrojoules}");

    public static FixtureTree Energy(this FixtureTree tree, string zone, string text) =>
        tree.File($"{Powercap}/{zone}/energy_uj", text);

    /// <summary>Two sockets of Intel's, with parts, memory, platform and the second way to the same counters.</summary>
    public static FixtureTree TwoSockets(this FixtureTree tree) =>
        tree.Zone("intel-rapl:0", "package-0", 1_000_000)
            .Zone("intel-rapl:0:0", "core", 500_000)
            .Zone("intel-rapl:0:1", "dram", 100_000)
            .Zone("intel-rapl:1", "package-1", 2_000_000)
            .Zone("intel-rapl:1:0", "uncore", 300_000)
            .Zone("intel-rapl:1:1", "dram", 200_000)
            .Zone("intel-rapl:2", "psys", 9_000_000)
            .Zone("intel-rapl-mmio:0", "package-0", 1_000_000)
            .Zone("intel-rapl-mmio:0:0", "dram", 100_000);

    /// <summary>A file that cannot be opened by anyone, the superuser included: a directory of its name.</summary>
    public static FixtureTree Forbidden(this FixtureTree tree, string path)
    {
        string full = Path.Combine(tree.Root, path.TrimStart('/'));
        File.Delete(full);
        Directory.CreateDirectory(full);
        return tree;
    }
}
