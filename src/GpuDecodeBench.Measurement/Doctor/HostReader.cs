using System.Diagnostics;
using GpuDecodeBench.Measurement.Environment;
using GpuDecodeBench.Measurement.Telemetry;

namespace GpuDecodeBench.Measurement.Doctor;

/// <summary>
/// The host of this process: on Linux from <c>/proc/stat</c> and the control group's <c>cpu.stat</c> (proc(5); Linux,
/// Documentation/admin-guide/cgroup-v2.rst), elsewhere what .NET tells.
/// </summary>
public sealed class HostReader : IHostReader
{
    /// <summary>The unit of <c>/proc/stat</c>, 1 / sysconf(_SC_CLK_TCK): 1/100 s on every architecture that .NET runs on.</summary>
    private const double TickSeconds = 0.01;

    private readonly SystemFiles _files;
    private readonly bool _isLinux;

    /// <summary>This machine's.</summary>
    public HostReader()
        : this(new SystemFiles(), OperatingSystem.IsLinux()) { }

    internal HostReader(SystemFiles files, bool isLinux)
    {
        _files = files;
        _isLinux = isLinux;
    }

    /// <inheritdoc />
    public HostCounters ReadCounters()
    {
        var own = new HostCounters
        {
            Seconds = TelemetryClock.NowSeconds,
            OwnSeconds = Attempt.OrElse<double?>(OwnSeconds, null),
        };
        if (!_isLinux)
        {
            return own;
        }

        double[]? ticks = Ticks();
        string[] quota = QuotaLines();
        return own with
        {
            // user, nice, system, idle, iowait, irq, softirq, steal; guest time is part of user time.
            BusySeconds = ticks is { Length: >= 7 }
                ? (ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6]) * TickSeconds
                : null,
            StolenSeconds = ticks is { Length: >= 8 } ? ticks[7] * TickSeconds : null,
            QuotaPeriods = SystemFiles.ParseNumber(SystemFiles.Value(quota, "nr_periods", ' ')),
            ThrottledPeriods = SystemFiles.ParseNumber(SystemFiles.Value(quota, "nr_throttled", ' ')),
        };
    }

    /// <inheritdoc />
    public HostObservation Read()
    {
        SystemFacts facts = _isLinux
            ? Attempt.OrElse(new LinuxSystem(_files).Read, new SystemFacts())
            : EnvironmentCapture.ReadSystem();
        return new HostObservation
        {
            Before = ReadCounters(),
            LogicalProcessors = facts.LogicalProcessors ?? System.Environment.ProcessorCount,
            UsableProcessors = System.Environment.ProcessorCount,
            CpuLimit = facts.Cgroup?.CpuLimit,
            LoadAverage = facts.LoadAverage1Minute,
            HugePages = facts.TransparentHugePages,
            IsVirtual = facts.Virtualised,
        };
    }

    private static double? OwnSeconds()
    {
        using var process = Process.GetCurrentProcess();
        return process.TotalProcessorTime.TotalSeconds;
    }

    /// <summary>The first line of <c>/proc/stat</c>: all processors together.</summary>
    private double[]? Ticks()
    {
        string? line = _files.Value("/proc/stat", "cpu", ' ');
        string[] words = line?.Split(' ', StringSplitOptions.RemoveEmptyEntries) ?? [];
        long?[] numbers = [.. words.Select(SystemFiles.ParseNumber)];
        return numbers.Length == 0 || numbers.Contains(null) ? null : [.. numbers.Select(number => (double)number!)];
    }

    /// <summary>The <c>cpu.stat</c> of the group whose quota binds the process: the process's own, or in a container the mount.</summary>
    private string[] QuotaLines() =>
        new CgroupReader(_files)
            .CpuDirectories()
            .Select(directory => _files.Lines($"{directory}/cpu.stat"))
            .Where(lines => (SystemFiles.ParseNumber(SystemFiles.Value(lines, "nr_periods", ' ')) ?? 0) > 0)
            .FirstOrDefault([]);
}
