namespace GpuDecodeBench.Measurement.Telemetry;

/// <summary>A device's power limits, in watts.</summary>
public sealed record PowerLimitState
{
    /// <summary>The limit that the device comes with.</summary>
    public Reading<double> DefaultWatts { get; init; }

    /// <summary>The limit in force, the lowest of all that apply.</summary>
    public Reading<double> EnforcedWatts { get; init; }

    /// <summary>The lowest limit that can be set.</summary>
    public Reading<double> MinimumWatts { get; init; }

    /// <summary>The highest limit that can be set.</summary>
    public Reading<double> MaximumWatts { get; init; }
}
