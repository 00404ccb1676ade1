namespace GpuDecodeBench.Measurement.Telemetry;

/// <summary>What a source can tell again and again while work runs.</summary>
public enum TelemetryQuantity
{
    /// <summary>A counter of energy, in joules from a start of its own.</summary>
    EnergyCounter,

    /// <summary>Power over the sensor's shortest window, in watts.</summary>
    PowerInstant,

    /// <summary>Power averaged by the sensor over a longer window, in watts.</summary>
    PowerAverage,

    /// <summary>The clock of the processing cores, in Hz.</summary>
    CoreClock,

    /// <summary>The memory clock, in Hz.</summary>
    MemoryClock,

    /// <summary>The device's temperature, in °C.</summary>
    Temperature,

    /// <summary>The memory's temperature, in °C.</summary>
    MemoryTemperature,

    /// <summary>Why clocks are lower than they could be.</summary>
    ThrottleReasons,

    /// <summary>The share of time in which the cores had work, a fraction.</summary>
    CoreUtilization,

    /// <summary>The share of time in which memory was read or written, a fraction.</summary>
    MemoryUtilization,
}
