namespace GpuDecodeBench.Measurement.Telemetry;

/// <summary>
/// What a source told at one instant. Null means not told, never zero; <see cref="ITelemetrySource.Capabilities"/> says why.
/// </summary>
public readonly record struct TelemetrySample
{
    /// <summary>When, in seconds of <see cref="TelemetryClock"/>: the middle of the call that read it.</summary>
    public required double Seconds { get; init; }

    /// <summary>A counter of energy, in joules from a start of its own; already unwrapped where the source's counter wraps.</summary>
    public double? EnergyJoules { get; init; }

    /// <summary>Power over the sensor's shortest window, in watts.</summary>
    public double? PowerInstantWatts { get; init; }

    /// <summary>Power averaged by the sensor over a longer window, in watts.</summary>
    public double? PowerAverageWatts { get; init; }

    /// <summary>The clock of the processing cores, in Hz.</summary>
    public double? CoreClockHz { get; init; }

    /// <summary>The memory clock, in Hz.</summary>
    public double? MemoryClockHz { get; init; }

    /// <summary>The device's temperature, in °C.</summary>
    public double? TemperatureCelsius { get; init; }

    /// <summary>The memory's temperature, in °C.</summary>
    public double? MemoryTemperatureCelsius { get; init; }

    /// <summary>Why clocks are lowered.</summary>
    public ThrottleReasons? ThrottleReasons { get; init; }

    /// <summary>The share of time in which the cores had work, a fraction.</summary>
    public double? CoreUtilization { get; init; }

    /// <summary>
    /// The share of time in which a virtual processor had work and the host ran something else (steal), a fraction; of CPUs only.
    /// <see cref="DeviceState.CpuTime"/> has the counter.
    /// </summary>
    public double? StolenTime { get; init; }

    /// <summary>The share of time in which memory was read or written, a fraction.</summary>
    public double? MemoryUtilization { get; init; }

    /// <summary>Why something that the source can usually tell is missing this once, as a code, for example <c>nvml.gpuIsLost</c>.</summary>
    public string? FailureCode { get; init; }
}
