using System.Text;
using GpuDecodeBench.Measurement.Environment;

namespace GpuDecodeBench.Measurement.Telemetry.Cpu;

/// <summary>What the kernel says of the CPUs that seldom changes, opened anew at each call.</summary>
internal static class CpuStateReader
{
    private const string NotTold = "cpu.notTold";

    /// <summary>The state of all sockets together.</summary>
    public static DeviceState Read(SystemFiles files, Reading<double> criticalCelsius)
    {
        var system = new LinuxSystem(files);
        SystemFacts memory = system.ReadMemory();
        long? used = memory.MemoryTotalBytes - memory.MemoryAvailableBytes;
        return new DeviceState
        {
            Name = system.CpuModel() is { } name
                ? Reading.Of(name)
                : Reading.Unavailable<string>(NotTold, "/proc/cpuinfo names no model."),
            MemoryTotalBytes = Told(memory.MemoryTotalBytes, "/proc/meminfo"),
            MemoryUsedBytes = Told(used, "/proc/meminfo"),
            Clocks = Clocks(files, system.UsableProcessors()),
            Thermal = new ThermalState { SlowdownCelsius = criticalCelsius },
            PowerLimits = PowerLimits(files),
            CpuTime = Time(files),
        };
    }

    private static ClockState Clocks(SystemFiles files, IReadOnlyList<int> processors)
    {
        // Cores of two kinds have two highest clocks: the fastest counts.
        long? Highest(string file) =>
            processors
                .Select(processor => files.Number($"/sys/devices/system/cpu/cpu{processor}/cpufreq/{file}"))
                .Max();

        return new ClockState
        {
            CoreMaximumHz = Told(Highest("cpuinfo_max_freq") * 1e3, "cpufreq/cpuinfo_max_freq"),
            CoreDefaultHz = Told(Highest("base_frequency") * 1e3, "cpufreq/base_frequency (drivers for Intel alone)"),
        };
    }

    // Constraint 0 is the long-term limit; its highest value is what the package is made for. AMD's packages have none.
    private static PowerLimitState PowerLimits(SystemFiles files)
    {
        IReadOnlyList<string> packages = RaplCounters.Packages(files);

        Reading<double> Sum(string file)
        {
            long?[] microwatts = [.. packages.Select(package => files.Number($"{package}/{file}"))];
            return Told(
                microwatts.Length > 0 && microwatts.All(value => value > 0) ? microwatts.Sum() / 1e6 : null,
                $"powercap's {file}"
            );
        }

        return new PowerLimitState
        {
            EnforcedWatts = Sum("constraint_0_power_limit_uw"),
            DefaultWatts = Sum("constraint_0_max_power_uw"),
        };
    }

    private static CpuTimeState Time(SystemFiles files)
    {
        ProcessorTicks? ticks = ProcessorTicks.TryParse(
            Encoding.ASCII.GetBytes(files.Text("/proc/stat") ?? string.Empty),
            out ProcessorTicks read
        )
            ? read
            : null;
        (long Periods, double Seconds)? throttling = new CgroupReader(files).ReadThrottling();
        return new CpuTimeState
        {
            TotalSeconds = Told(ticks?.Total / ProcessorTicks.PerSecond, "/proc/stat"),
            StolenSeconds = Told(ticks?.Stolen / ProcessorTicks.PerSecond, "/proc/stat"),
            ThrottledPeriods = Told(throttling?.Periods, "the control group's cpu.stat"),
            ThrottledSeconds = Told(throttling?.Seconds, "the control group's cpu.stat"),
        };
    }

    private static Reading<T> Told<T>(T? value, string where)
        where T : struct =>
        value is { } told ? Reading.Of(told) : Reading.Unavailable<T>(NotTold, $"There is no such figure in {where}.");
}
