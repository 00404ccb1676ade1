using GpuDecodeBench.Measurement.Environment;

namespace GpuDecodeBench.Measurement.Telemetry.Cpu;

/// <summary>
/// The energy of all sockets: packages and their memory, each counted once. AMD's CPUs appear under Intel's name. Parts of a package
/// (<c>core</c>, <c>uncore</c>) and the platform (<c>psys</c>), which contains the packages, are left out, and
/// <c>intel-rapl-mmio</c>, a second way to the same counters, serves only what the first lacks.
/// </summary>
internal sealed class RaplCounters : IDisposable
{
    private const string Root = "/sys/class/powercap";
    private static readonly string[] Controls = ["intel-rapl", "intel-rapl-mmio"];

    private readonly List<RaplDomain> _domains = [];
    private double _joules;

    private RaplCounters(Reading<string> scope)
    {
        Scope = scope;
    }

    /// <summary>What is counted, in words, or why nothing is.</summary>
    public Reading<string> Scope { get; private set; }

    /// <summary>Two readings farther apart, in seconds, may have missed a whole round of a counter.</summary>
    public double LongestGapSeconds => _domains.Select(domain => domain.LongestGapSeconds).DefaultIfEmpty().Min();

    /// <summary>The paths of all packages, each once.</summary>
    public static IReadOnlyList<string> Packages(SystemFiles files) =>
        [.. Zones(files).Where(zone => IsPackage(zone.Name)).Select(zone => zone.Path)];

    /// <summary>Opens every counter; all of them or none, for a sum that lacks a socket is a wrong figure.</summary>
    public static RaplCounters Open(SystemFiles files)
    {
        Zone[] zones = [.. Zones(files)];
        int packages = zones.Count(zone => IsPackage(zone.Name));
        if (packages == 0)
        {
            return new RaplCounters(
                Reading.Unavailable<string>(
                    RaplReasons.NotPresent,
                    $"There is no energy counter below {Root}: virtual machines and many containers have none; on a machine of one's own, load the kernel module intel_rapl_msr."
                )
            );
        }

        int memories = zones.Length - packages;
        var counters = new RaplCounters(
            Reading.Of(
                memories == 0
                    ? $"{packages} package(s); memory is not counted"
                    : $"{packages} package(s) and their memory"
            )
        );
        foreach (Zone zone in zones)
        {
            string path = $"{zone.Path}/energy_uj";
            if (KernelFile.Open(files, path, out SystemFileState state) is not { } file)
            {
                counters.Dispose();
                counters.Scope = WhyNot(state, path);
                return counters;
            }

            counters._domains.Add(new RaplDomain(file, files.Number($"{zone.Path}/max_energy_range_uj")));
        }

        counters.Read(TelemetryClock.NowSeconds, out string? failure);
        if (failure is not null)
        {
            counters.Dispose();
            counters.Scope = Reading.Unavailable<string>(
                failure,
                $"A file {Root}/*/energy_uj holds no number of microjoules, or one beyond its max_energy_range_uj."
            );
        }

        return counters;
    }

    /// <summary>Energy since the counters were opened, in joules; null with a code where that cannot be told this once.</summary>
    public double? Read(double nowSeconds, out string? failureCode)
    {
        failureCode = null;
        if (_domains.Count == 0)
        {
            return null;
        }

        double joules = 0;
        foreach (RaplDomain domain in _domains)
        {
            joules += domain.Advance(nowSeconds, out string? failed) ?? 0;
            failureCode ??= failed;
        }

        // What the others counted is kept: a later sample must not be short of more than what could not be read.
        _joules += joules;
        return failureCode is null ? _joules : null;
    }

    public void Dispose()
    {
        foreach (RaplDomain domain in _domains)
        {
            domain.Dispose();
        }

        _domains.Clear();
    }

    private sealed record Zone(string Path, string Name);

    // A package's zone is "intel-rapl:0" and named "package-0" or "package-0-die-0"; its memory is "intel-rapl:0:1", named "dram".
    private static IEnumerable<Zone> Zones(SystemFiles files)
    {
        string[] directories = files.Directories(Root);
        var packages = new HashSet<string>(StringComparer.Ordinal);
        foreach (string control in Controls)
        {
            foreach (string directory in directories.Where(name => IsZoneOf(name, control)))
            {
                string path = $"{Root}/{directory}";
                if (files.Text($"{path}/name") is not { } name || !IsPackage(name) || !packages.Add(name))
                {
                    continue;
                }

                yield return new Zone(path, name);
                foreach (string part in directories.Where(other => IsZoneOf(other, directory)))
                {
                    if (files.Text($"{Root}/{part}/name") == "dram")
                    {
                        yield return new Zone($"{Root}/{part}", "dram");
                    }
                }
            }
        }
    }

    private static bool IsZoneOf(string name, string parent) =>
        name.Length > parent.Length + 1
        && name.StartsWith(parent, StringComparison.Ordinal)
        && name[parent.Length] == ':'
        && !name.AsSpan(parent.Length + 1).Contains(':');

    private static bool IsPackage(string name) => name.StartsWith("package", StringComparison.Ordinal);

    private static Reading<string> WhyNot(SystemFileState state, string path) =>
        state == SystemFileState.Denied
            ? Reading.Unavailable<string>(
                RaplReasons.PermissionDenied,
                $"{path} is for the superuser alone, because power can betray secrets (CVE-2020-8694): run as root, or once `sudo chmod a+r {Root}/*/energy_uj`, which lasts until the next boot."
            )
            : Reading.Unavailable<string>(RaplReasons.Unreadable, $"{path} is missing or cannot be opened.");
}
