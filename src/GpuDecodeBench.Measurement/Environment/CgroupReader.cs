namespace GpuDecodeBench.Measurement.Environment;

/// <summary>
/// Reads the limits of the process's control groups, version 2 (Linux, Documentation/admin-guide/cgroup-v2.rst) and version 1
/// (Documentation/admin-guide/cgroup-v1/memory.rst and Documentation/scheduler/sched-bwc.rst), alone or side by side.
/// </summary>
/// <remarks>
/// A group is bound by every group above it, so that all directories from the process's own up to the mount are looked at and the
/// smallest limit counts. In a container the path in <c>/proc/self/cgroup</c> is often the host's and does not exist below the
/// mount; those directories are passed over, and the mount itself is then the container's own group.
/// </remarks>
internal sealed class CgroupReader(SystemFiles files)
{
    private const string MountPoint = "/sys/fs/cgroup";

    private static readonly string[] CpuMountPoints =
    [
        $"{MountPoint}/cpu",
        $"{MountPoint}/cpu,cpuacct",
        $"{MountPoint}/cpuacct,cpu",
    ];

    /// <summary>
    /// Version 1 writes "no limit" as the largest multiple of the page size below 2⁶³; no machine has 2⁶⁰ bytes.
    /// </summary>
    private const long NoLimitBytes = 1L << 60;

    /// <summary>Reads all limits; everything null where there are no control groups.</summary>
    public CgroupLimits Read()
    {
        List<(string[] Controllers, string Path)> groups = OwnGroups();
        string[] version2 = Directories(groups, string.Empty, [MountPoint, $"{MountPoint}/unified"]);
        string[] memory1 = Directories(groups, "memory", [$"{MountPoint}/memory"]);
        string[] cpu1 = Directories(groups, "cpu", CpuMountPoints);

        CgroupMemory[] memory = [.. version2.Select(Memory2).Concat(memory1.Select(Memory1)).OfType<CgroupMemory>()];
        IEnumerable<double?> cpu = version2.Select(CpuLimit2).Concat(cpu1.Select(CpuLimit1));
        return new CgroupLimits(
            memory.Select(group => (long?)group.LimitBytes).Min(),
            cpu.Min(),
            memory.MinBy(group => group.AtMostBytes)
        );
    }

    /// <summary>
    /// How often, and for how many seconds, the process's group was stopped at a limit on processor time, its own or one above it: the
    /// largest figures of them all; null where no group counts it.
    /// </summary>
    public (long Periods, double Seconds)? ReadThrottling()
    {
        (long Periods, double Seconds)? most = null;
        foreach (string directory in CpuDirectories())
        {
            string[] lines = files.Lines($"{directory}/cpu.stat");
            long? periods = SystemFiles.ParseNumber(SystemFiles.Value(lines, "nr_throttled", ' '));

            // Microseconds in version 2, nanoseconds in version 1.
            double? seconds =
                SystemFiles.ParseNumber(SystemFiles.Value(lines, "throttled_usec", ' ')) / 1e6
                ?? SystemFiles.ParseNumber(SystemFiles.Value(lines, "throttled_time", ' ')) / 1e9;
            if (periods is { } count && seconds is { } time && (most is null || time > most.Value.Seconds))
            {
                most = (count, time);
            }
        }

        return most;
    }

    /// <summary>All directories that may hold the CPU quota of the process, the process's own group first.</summary>
    public IEnumerable<string> CpuDirectories()
    {
        List<(string[] Controllers, string Path)> groups = OwnGroups();
        return Directories(groups, string.Empty, [MountPoint, $"{MountPoint}/unified"])
            .Concat(Directories(groups, "cpu", CpuMountPoints))
            .OrderByDescending(directory => directory.Count(c => c == '/'));
    }

    // Lines such as "0::/path" (version 2) and "4:cpu,cpuacct:/path" (version 1).
    private List<(string[] Controllers, string Path)> OwnGroups() =>
        [
            .. files
                .Lines("/proc/self/cgroup")
                .Select(line => line.Split(':', 3))
                .Where(parts => parts.Length == 3)
                .Select(parts => (parts[1].Split(','), parts[2])),
        ];

    /// <summary>All directories that bind the process, for one controller (empty: version 2), the mounts included.</summary>
    private static string[] Directories(
        List<(string[] Controllers, string Path)> groups,
        string controller,
        string[] mountPoints
    )
    {
        string path = groups.Find(group => group.Controllers.Contains(controller)).Path ?? "/";
        string[] segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);

        // A process outside its cgroup namespace's root sees "/../…", which names nothing below the mount.
        if (segments.Contains("..") || segments.Contains("."))
        {
            segments = [];
        }

        return
        [
            .. mountPoints.SelectMany(mount =>
                Enumerable
                    .Range(0, segments.Length + 1)
                    .Select(depth => string.Join('/', segments.Take(depth).Prepend(mount)))
            ),
        ];
    }

    private CgroupMemory? Memory2(string directory) =>
        Memory(directory, "memory.max", "memory.current", "inactive_file");

    private CgroupMemory? Memory1(string directory) =>
        Memory(directory, "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file");

    private CgroupMemory? Memory(string directory, string limitFile, string usageFile, string inactiveKey)
    {
        // "max" is no number, and so no limit.
        if (files.Number($"{directory}/{limitFile}") is not { } limit || limit >= NoLimitBytes)
        {
            return null;
        }

        long? inactive = SystemFiles.ParseNumber(files.Value($"{directory}/memory.stat", inactiveKey, ' '));
        return new CgroupMemory(limit, files.Number($"{directory}/{usageFile}"), inactive);
    }

    // "200000 100000": that many microseconds of processor time in each period.
    private double? CpuLimit2(string directory) =>
        files.Text($"{directory}/cpu.max")?.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var quota, var period]
            ? Ratio(SystemFiles.ParseNumber(quota), SystemFiles.ParseNumber(period))
            : null;

    // A quota of −1 is no limit.
    private double? CpuLimit1(string directory) =>
        Ratio(files.Number($"{directory}/cpu.cfs_quota_us"), files.Number($"{directory}/cpu.cfs_period_us"));

    private static double? Ratio(long? quota, long? period) => quota > 0 && period > 0 ? (double)quota / period : null;
}
