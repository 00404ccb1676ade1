using GpuDecodeBench.Measurement.Environment;

namespace GpuDecodeBench.Measurement.Telemetry.Cpu;

/// <summary>
/// The temperature of the hottest package, from hwmon (coretemp of Intel, k10temp and zenpower of AMD; Linux,
/// Documentation/hwmon/) or from the thermal zone <c>x86_pkg_temp</c>. Files hold thousandths of a degree.
/// </summary>
internal sealed class CpuTemperature : IDisposable
{
    private const string HardwareMonitors = "/sys/class/hwmon";
    private const string Zones = "/sys/class/thermal";
    private static readonly string[] Drivers = ["coretemp", "k10temp", "zenpower"];
    private readonly List<KernelFile> _sensors = [];

    public CpuTemperature(SystemFiles files)
    {
        string[] paths = [.. Monitored(files)];
        string from = HardwareMonitors;
        if (paths.Length == 0)
        {
            from = Zones;
            paths =
            [
                .. files
                    .Directories(Zones)
                    .Where(zone => files.Text($"{Zones}/{zone}/type") == "x86_pkg_temp")
                    .Select(zone => $"{Zones}/{zone}/temp"),
            ];
        }

        _sensors.AddRange(paths.Select(path => KernelFile.OpenNumber(files, path)).OfType<KernelFile>());

        // A thermal zone has trip points instead, which mean different things on different machines.
        string? critical =
            from == HardwareMonitors ? paths[0].Replace("_input", "_crit", StringComparison.Ordinal) : null;
        Critical =
            critical is not null && files.Number(critical) is { } millidegrees and > 0
                ? Reading.Of(millidegrees / 1e3)
                : Reading.Unavailable<double>("cpu.notTold", "The sensor's driver names no critical temperature.");
        Scope =
            _sensors.Count > 0
                ? Reading.Of($"{from}, the hottest of {_sensors.Count} package sensor(s)")
                : Reading.Unavailable<string>(
                    "cpu.noSensor",
                    "Neither coretemp, k10temp, zenpower nor x86_pkg_temp is there: virtual machines and many containers show no sensors."
                );
    }

    /// <summary>Where the temperature comes from, or why there is none.</summary>
    public Reading<string> Scope { get; }

    /// <summary>Where the CPU slows down, in °C.</summary>
    public Reading<double> Critical { get; }

    /// <summary>The hottest package, in °C; null where none is told.</summary>
    public double? Read()
    {
        double? hottest = null;
        foreach (KernelFile sensor in _sensors)
        {
            if (sensor.TryReadNumber(out long millidegrees))
            {
                hottest = Math.Max(hottest ?? 0, millidegrees / 1e3);
            }
        }

        return hottest;
    }

    public void Dispose() => _sensors.ForEach(sensor => sensor.Dispose());

    // A device of coretemp has a sensor for the package beside one for every core. AMD's "Tctl" is the figure that fans follow, on some
    // CPUs 20 degrees and more above "Tdie"; where there is only Tctl, the kernel has taken that away already.
    private static IEnumerable<string> Monitored(SystemFiles files)
    {
        foreach (string monitor in files.Directories(HardwareMonitors))
        {
            string path = $"{HardwareMonitors}/{monitor}";
            if (!Drivers.Contains(files.Text($"{path}/name")))
            {
                continue;
            }

            var labels = files
                .FileNames(path)
                .Where(name =>
                    name.StartsWith("temp", StringComparison.Ordinal)
                    && name.EndsWith("_label", StringComparison.Ordinal)
                )
                .Select(name =>
                    (
                        Label: files.Text($"{path}/{name}") ?? string.Empty,
                        Input: name.Replace("_label", "_input", StringComparison.Ordinal)
                    )
                )
                .ToArray();
            string[] chosen =
            [
                .. labels
                    .Where(one => one.Label.StartsWith("Package id", StringComparison.Ordinal))
                    .Select(one => one.Input),
            ];
            if (chosen.Length == 0)
            {
                chosen =
                [
                    labels.FirstOrDefault(one => one.Label == "Tdie").Input
                        ?? labels.FirstOrDefault(one => one.Label == "Tctl").Input
                        ?? "temp1_input",
                ];
            }

            foreach (string input in chosen)
            {
                yield return $"{path}/{input}";
            }
        }
    }
}
