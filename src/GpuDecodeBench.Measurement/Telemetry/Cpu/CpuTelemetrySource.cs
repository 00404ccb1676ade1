using GpuDecodeBench.Measurement.Environment;

namespace GpuDecodeBench.Measurement.Telemetry.Cpu;

/// <summary>
/// The sensors of a Linux machine's CPUs: energy by powercap's RAPL counters, clocks, temperature, throttling and the processors' time,
/// all sockets together. On other systems every reading is unavailable.
/// </summary>
public sealed class CpuTelemetrySource : ITelemetrySource
{
    private const int StatBytes = 256;
    private readonly SystemFiles _files;
    private readonly RaplCounters _energy;
    private readonly CpuClocks _clocks;
    private readonly CpuTemperature _temperature;
    private readonly CpuThrottle _throttle;
    private readonly KernelFile? _stat;
    private readonly byte[] _text = new byte[StatBytes];
    private ProcessorTicks? _last;

    private CpuTelemetrySource(SystemFiles files)
    {
        _files = files;
        IReadOnlyList<int> processors = new LinuxSystem(files).UsableProcessors();
        _energy = RaplCounters.Open(files);
        _clocks = new CpuClocks(files, processors);
        _temperature = new CpuTemperature(files);
        _throttle = new CpuThrottle(files, processors);
        _stat = KernelFile.Open(files, "/proc/stat", out _);
        _last = ReadTicks();
        Capabilities = Describe(_last is not null);
    }

    /// <inheritdoc />
    public string Name => "rapl";

    /// <inheritdoc />
    public string Description =>
        _energy.Scope.TryGet(out string? scope)
            ? $"Linux powercap (RAPL), {scope}, cpufreq, hwmon and /proc/stat; two readings of energy must be less than {_energy.LongestGapSeconds:0} s apart."
            : $"Linux cpufreq, hwmon and /proc/stat, without energy ({_energy.Scope.ReasonCode}).";

    /// <inheritdoc />
    public IReadOnlyList<TelemetryCapability> Capabilities { get; }

    /// <summary>
    /// 0.1 s. The counters have something new every millisecond, but they sum it, so that asking seldom loses nothing; and the sampler
    /// works on the cores that are measured.
    /// </summary>
    public double UpdatePeriodSeconds => 0.1;

    /// <summary>Opens the sensors of this machine; those that are missing or forbidden are told as <see cref="Capabilities"/>.</summary>
    public static CpuTelemetrySource Open() => new(new SystemFiles());

    /// <summary>As <see cref="Open()"/>, of a Linux whose files lie below another root.</summary>
    internal static CpuTelemetrySource Open(string root) => new(new SystemFiles(root));

    /// <inheritdoc />
    public TelemetrySample Read()
    {
        // The counters come first, and their time is theirs: they give the energy of a window, which the rest does not.
        double seconds = TelemetryClock.NowSeconds;
        double? joules = _energy.Read(seconds, out string? failure);
        seconds = (seconds + TelemetryClock.NowSeconds) / 2;
        (double? busy, double? stolen) = ReadShares();
        return new TelemetrySample
        {
            Seconds = seconds,
            EnergyJoules = joules,
            CoreClockHz = _clocks.Read(),
            TemperatureCelsius = _temperature.Read(),
            ThrottleReasons = _throttle.Read(),
            CoreUtilization = busy,
            StolenTime = stolen,
            FailureCode = failure,
        };
    }

    /// <inheritdoc />
    public DeviceState ReadState() => CpuStateReader.Read(_files, _temperature.Critical);

    /// <inheritdoc />
    public void Dispose()
    {
        _energy.Dispose();
        _clocks.Dispose();
        _temperature.Dispose();
        _throttle.Dispose();
        _stat?.Dispose();
    }

    // Both null where no tick passed since the last reading.
    private (double? Busy, double? Stolen) ReadShares()
    {
        if (_last is not { } last || ReadTicks() is not { } now || now.Total <= last.Total)
        {
            return (null, null);
        }

        _last = now;
        double total = now.Total - last.Total;
        return (Math.Clamp((now.Busy - last.Busy) / total, 0, 1), Math.Clamp((now.Stolen - last.Stolen) / total, 0, 1));
    }

    private ProcessorTicks? ReadTicks() =>
        _stat is not null && ProcessorTicks.TryParse(_stat.Read(_text), out ProcessorTicks ticks) ? ticks : null;

    private IReadOnlyList<TelemetryCapability> Describe(bool hasTicks) =>
        [
            Told(TelemetryQuantity.EnergyCounter, "rapl.package", _energy.Scope),
            Power(TelemetryQuantity.PowerInstant),
            Power(TelemetryQuantity.PowerAverage),
            Told(TelemetryQuantity.CoreClock, "cpu.clock", _clocks.Scope),
            Never(TelemetryQuantity.MemoryClock, "The kernel does not tell the memory's clock."),
            Told(TelemetryQuantity.Temperature, "cpu.temperature", _temperature.Scope),
            Never(TelemetryQuantity.MemoryTemperature, "Memory modules' sensors are not read."),
            Told(TelemetryQuantity.ThrottleReasons, "cpu.thermalThrottle", _throttle.Scope),
            Told(
                TelemetryQuantity.CoreUtilization,
                "cpu.stat",
                hasTicks
                    ? Reading.Of("/proc/stat: all the host's processors, whoever uses them, in ticks of 10 ms")
                    : Reading.Unavailable<string>("cpu.noStat", "/proc/stat cannot be read.")
            ),
            Never(TelemetryQuantity.MemoryUtilization, "The kernel does not tell how busy the memory is."),
        ];

    private TelemetryCapability Power(TelemetryQuantity quantity) =>
        _energy.Scope.HasValue
            ? new TelemetryCapability(
                quantity,
                "rapl.package",
                RaplReasons.CounterOnly,
                "RAPL counts energy; power is its difference over time."
            )
            : Told(quantity, "rapl.package", _energy.Scope);

    private static TelemetryCapability Told(TelemetryQuantity quantity, string method, Reading<string> scope) =>
        new(quantity, method, scope.ReasonCode, scope.HasValue ? scope.Value : scope.Detail);

    private static TelemetryCapability Never(TelemetryQuantity quantity, string why) =>
        new(quantity, "cpu.none", "cpu.notTold", why);
}
