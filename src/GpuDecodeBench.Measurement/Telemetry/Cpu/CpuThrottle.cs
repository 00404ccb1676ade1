using GpuDecodeBench.Measurement.Environment;

namespace GpuDecodeBench.Measurement.Telemetry.Cpu;

/// <summary>
/// How often Intel's cores and packages were throttled by temperature: <c>thermal_throttle</c> (Linux,
/// Documentation/ABI/testing/sysfs-devices-system-cpu). Of many counters each reading looks at some, in turn.
/// </summary>
internal sealed class CpuThrottle : IDisposable
{
    private const int MostFilesPerRead = 32;
    private readonly List<KernelFile> _files = [];
    private readonly List<long> _counts = [];
    private int _next;

    public CpuThrottle(SystemFiles files, IReadOnlyList<int> processors)
    {
        // Threads of a core, and processors of a package, show the same counter.
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (int processor in processors)
        {
            string path = $"/sys/devices/system/cpu/cpu{processor}";
            string package = files.Text($"{path}/topology/physical_package_id") ?? "0";
            string core = files.Text($"{path}/topology/core_id") ?? $"processor {processor}";
            Add(files, seen, $"package {package}", $"{path}/thermal_throttle/package_throttle_count");
            Add(files, seen, $"core {core} of {package}", $"{path}/thermal_throttle/core_throttle_count");
        }

        Scope =
            _files.Count > 0
                ? Reading.Of($"thermal_throttle, {_files.Count} counter(s) of cores and packages; temperature only")
                : Reading.Unavailable<string>(
                    "cpu.noThrottleCount",
                    "The kernel counts no throttling here: AMD's and Arm's CPUs and virtual machines do not show it."
                );
    }

    /// <summary>Where the reason comes from, or why there is none.</summary>
    public Reading<string> Scope { get; }

    /// <summary>Whether a counter rose since it was last looked at; null where none is told.</summary>
    public ThrottleReasons? Read()
    {
        if (_files.Count == 0)
        {
            return null;
        }

        ThrottleReasons reasons = ThrottleReasons.None;
        for (int i = 0; i < Math.Min(_files.Count, MostFilesPerRead); i++, _next = (_next + 1) % _files.Count)
        {
            if (_files[_next].TryReadNumber(out long count))
            {
                if (count > _counts[_next])
                {
                    reasons = ThrottleReasons.HardwareThermal;
                }

                _counts[_next] = count;
            }
        }

        return reasons;
    }

    public void Dispose() => _files.ForEach(file => file.Dispose());

    private void Add(SystemFiles files, HashSet<string> seen, string what, string path)
    {
        if (seen.Contains(what) || KernelFile.OpenNumber(files, path) is not { } file)
        {
            return;
        }

        seen.Add(what);
        _files.Add(file);
        _counts.Add(file.TryReadNumber(out long count) ? count : 0);
    }
}
