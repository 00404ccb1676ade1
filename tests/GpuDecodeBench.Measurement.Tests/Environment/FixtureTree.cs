namespace GpuDecodeBench.Measurement.Tests.Environment;

/// <summary>A directory that stands for a Linux machine's root; removed when disposed.</summary>
internal sealed class FixtureTree : IDisposable
{
    private const long KibiBytes = 1024;

    public string Root { get; } = Directory.CreateTempSubdirectory("gdb-fixture-").FullName;

    public FixtureTree File(string path, string text)
    {
        string full = Path.Combine(Root, path.TrimStart('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        System.IO.File.WriteAllText(full, text + "\n");
        return this;
    }

    public FixtureTree Memory(long totalBytes, long availableBytes) =>
        File(
            "/proc/meminfo",
            $"MemTotal:       {totalBytes / KibiBytes} kB\nMemFree:        1 kB\nMemAvailable:   {availableBytes / KibiBytes} kB"
        );

    public FixtureTree Cache(int processor, int index, int level, string type, string size, string? sharedBy)
    {
        string path = $"/sys/devices/system/cpu/cpu{processor}/cache/index{index}";
        File($"{path}/level", $"{level}").File($"{path}/type", type).File($"{path}/size", size);
        return sharedBy is null ? this : File($"{path}/shared_cpu_list", sharedBy);
    }

    /// <summary>Two sockets of two cores with two threads each; each socket has a level 3 cache.</summary>
    public FixtureTree TwoSocketServer()
    {
        string[] cores = ["0,4", "1,5", "2,6", "3,7"];
        for (int processor = 0; processor < 8; processor++)
        {
            string core = cores[processor % 4];
            Cache(processor, 0, 1, "Data", "48K", core);
            Cache(processor, 1, 1, "Instruction", "32K", core);
            Cache(processor, 2, 2, "Unified", "2M", core);
            Cache(processor, 3, 3, "Unified", "32768K", processor % 4 < 2 ? "0-1,4-5" : "2-3,6-7");
        }

        return File("/proc/cpuinfo", X86CpuInfo(8, "fpu vme avx2"))
            .File("/sys/devices/system/cpu/online", "0-7")
            .File("/proc/self/status", "Name:\tbench\nCpus_allowed:\tff\nCpus_allowed_list:\t0-7")
            .File("/proc/sys/kernel/osrelease", "6.8.0-45-generic")
            .File("/etc/os-release", "NAME=\"Ubuntu\"\nPRETTY_NAME=\"Ubuntu 24.04.1 LTS\"\nID=ubuntu")
            .File("/proc/loadavg", "0.52 0.58 0.59 2/1024 12345")
            .File("/sys/kernel/mm/transparent_hugepage/enabled", "always [madvise] never")
            .File("/proc/self/cgroup", "0::/user.slice/session-1.scope")
            .Memory(64L << 30, 60L << 30);
    }

    public static string X86CpuInfo(int processors, string flags) =>
        string.Join(
            "\n\n",
            Enumerable
                .Range(0, processors)
                .Select(i =>
                    $"processor\t: {i}\nvendor_id\t: GenuineIntel\nmodel\t\t: 143\nmodel name\t: Intel(R) Xeon(R) Platinum 8480+\nflags\t\t: {flags}"
                )
        );

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
