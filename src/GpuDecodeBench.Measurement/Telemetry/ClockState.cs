namespace GpuDecodeBench.Measurement.Telemetry;

/// <summary>A device's clocks, in Hz.</summary>
public sealed record ClockState
{
    /// <summary>The highest clock of the cores.</summary>
    public Reading<double> CoreMaximumHz { get; init; }

    /// <summary>The highest clock of the memory.</summary>
    public Reading<double> MemoryMaximumHz { get; init; }

    /// <summary>The clock that applications were given for the cores.</summary>
    public Reading<double> CoreApplicationHz { get; init; }

    /// <summary>The clock that applications were given for the memory.</summary>
    public Reading<double> MemoryApplicationHz { get; init; }

    /// <summary>The clock that applications get for the cores unless somebody sets another.</summary>
    public Reading<double> CoreDefaultHz { get; init; }

    /// <summary>The clock that applications get for the memory unless somebody sets another.</summary>
    public Reading<double> MemoryDefaultHz { get; init; }
}
