namespace GpuDecodeBench.Measurement.Telemetry;

/// <summary>A device's temperature thresholds, in °C.</summary>
public sealed record ThermalState
{
    /// <summary>Where clocks are lowered.</summary>
    public Reading<double> SlowdownCelsius { get; init; }

    /// <summary>Where the device turns itself off.</summary>
    public Reading<double> ShutdownCelsius { get; init; }

    /// <summary>The highest temperature at which the memory should work.</summary>
    public Reading<double> MemoryMaximumCelsius { get; init; }
}
