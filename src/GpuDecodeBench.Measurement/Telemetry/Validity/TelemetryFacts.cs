using GpuDecodeBench.Measurement.Telemetry.Energy;

namespace GpuDecodeBench.Measurement.Telemetry.Validity;

/// <summary>Everything that the checks of a point's telemetry look at.</summary>
public sealed record TelemetryFacts
{
    /// <summary>The point's turns of being timed, in order.</summary>
    public IReadOnlyList<TelemetryWindow> Turns { get; init; } = [];

    /// <summary>The trials of its energy, in order; empty where there were none.</summary>
    public IReadOnlyList<TelemetryWindow> Trials { get; init; } = [];

    /// <summary>The device before the run, with nothing to do; null where that was not looked at.</summary>
    public TelemetryWindow? Idle { get; init; }

    /// <summary>The device's state; null where it was not asked.</summary>
    public DeviceState? State { get; init; }

    /// <summary>By how much the calendar clock ran ahead of the steady one along the point, in seconds; negative for behind.</summary>
    public double CalendarJumpSeconds { get; init; }

    /// <summary>The power value that is integrated; null where there is none.</summary>
    public PowerChannel? Channel { get; init; }

    /// <summary>The energy by the counter, of each trial.</summary>
    public IReadOnlyList<EnergyEstimate> Counter { get; init; } = [];

    /// <summary>The energy by integrated readings, of each trial.</summary>
    public IReadOnlyList<EnergyEstimate> Integrated { get; init; } = [];
}
