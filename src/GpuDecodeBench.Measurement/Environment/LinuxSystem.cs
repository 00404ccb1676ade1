using System.Globalization;

namespace GpuDecodeBench.Measurement.Environment;

/// <summary>Reads Linux's <c>/proc</c>, <c>/sys</c> and <c>/etc</c>.</summary>
internal sealed class LinuxSystem(SystemFiles files)
{
    /// <summary>Everything that can be read.</summary>
    public SystemFacts Read()
    {
        string[] cpuInfo = files.Lines("/proc/cpuinfo");
        IReadOnlyList<int>? online = Online();
        int listed = Listed(cpuInfo);
        return new SystemFacts
        {
            OperatingSystem = Name(),
            Kernel = NonEmpty(files.Text("/proc/sys/kernel/osrelease")),
            CpuModel = CpuModel(cpuInfo),
            LogicalProcessors = online?.Count ?? (listed > 0 ? listed : null),
            Caches = LinuxCaches.Read(files, UsableProcessors(online, listed)),
            MemoryTotalBytes = MemInfoBytes("MemTotal"),
            MemoryAvailableBytes = MemInfoBytes("MemAvailable"),
            Cgroup = new CgroupReader(files).Read(),
            LoadAverage1Minute = LoadAverage(),
            TransparentHugePages = Selected(files.Text("/sys/kernel/mm/transparent_hugepage/enabled")),
            Virtualised = HasHypervisorFlag(cpuInfo),
        };
    }

    /// <summary>The processors that this process may run on, ascending.</summary>
    public IReadOnlyList<int> UsableProcessors() => UsableProcessors(Online(), Listed(files.Lines("/proc/cpuinfo")));

    /// <summary>The CPU's name; null where the kernel does not tell.</summary>
    public string? CpuModel() => CpuModel(files.Lines("/proc/cpuinfo"));

    /// <summary>Only the memory figures: what <see cref="MemoryAvailability"/> needs, read again each time.</summary>
    public SystemFacts ReadMemory() =>
        new()
        {
            MemoryTotalBytes = MemInfoBytes("MemTotal"),
            MemoryAvailableBytes = MemInfoBytes("MemAvailable"),
            Cgroup = new CgroupReader(files).Read(),
        };

    private IReadOnlyList<int>? Online() => CpuList.Parse(files.Text("/sys/devices/system/cpu/online"));

    private static int Listed(string[] cpuInfo) => cpuInfo.Count(line => Key(line) == "processor");

    private IReadOnlyList<int> UsableProcessors(IReadOnlyList<int>? online, int listed) =>
        CpuList.Parse(files.Value("/proc/self/status", "Cpus_allowed_list", ':'))
        ?? online
        ?? [.. Enumerable.Range(0, listed)];

    private string? Name() =>
        NonEmpty(
            (
                files.Value("/etc/os-release", "PRETTY_NAME", '=')
                ?? files.Value("/usr/lib/os-release", "PRETTY_NAME", '=')
            )?.Trim('"', '\'')
        );

    private static string? CpuModel(string[] cpuInfo)
    {
        if (NonEmpty(SystemFiles.Value(cpuInfo, "model name", ':')) is { } name)
        {
            return name;
        }

        // ARM kernels give numbers instead of a name; a machine with two kinds of cores has two parts.
        string? implementer = NonEmpty(SystemFiles.Value(cpuInfo, "CPU implementer", ':'));
        string[] parts =
        [
            .. cpuInfo
                .Where(line => Key(line) == "CPU part")
                .Select(line => line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim())
                .Distinct(),
        ];
        return implementer is null || parts.Length == 0
            ? null
            : $"ARM implementer {implementer}, part {string.Join(" and ", parts)}";
    }

    // x86 alone has a "flags" line; elsewhere the kernel does not say.
    private static bool? HasHypervisorFlag(string[] cpuInfo) =>
        SystemFiles.Value(cpuInfo, "flags", ':')?.Split(' ').Contains("hypervisor");

    private long? MemInfoBytes(string key)
    {
        // "MemTotal:       24684092 kB", where kB is 1024 bytes.
        string? kibibytes = files.Value("/proc/meminfo", key, ':')?.Split(' ')[0];
        return SystemFiles.ParseNumber(kibibytes) is { } number and <= long.MaxValue / 1024 ? number * 1024 : null;
    }

    private double? LoadAverage() =>
        double.TryParse(
            files.Text("/proc/loadavg")?.Split(' ')[0],
            NumberStyles.AllowDecimalPoint,
            CultureInfo.InvariantCulture,
            out double load
        ) && double.IsFinite(load)
            ? load
            : null;

    // "always [madvise] never"
    private static string? Selected(string? choices) =>
        choices
            ?.Split(' ')
            .Where(choice => choice.Length > 2 && choice[0] == '[' && choice[^1] == ']')
            .Select(choice => choice[1..^1])
            .FirstOrDefault();

    private static string Key(string line) => line.Split(':', 2)[0].Trim();

    private static string? NonEmpty(string? text) => string.IsNullOrWhiteSpace(text) ? null : text;
}
