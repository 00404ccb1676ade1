using GpuDecodeBench.Measurement.Telemetry.Recording;
using GpuDecodeBench.Measurement.Telemetry.Validity;

namespace GpuDecodeBench.Measurement.Telemetry.Energy;

/// <summary>A trial of a point's energy, worked out by both methods from samples and events alone.</summary>
/// <param name="Window">The trial's samples.</param>
/// <param name="Segments">The parts of the load that were counted.</param>
/// <param name="Counter">The mean power by the counter.</param>
/// <param name="Integrated">The mean power by integrated readings.</param>
public sealed record TrialEnergy(
    TelemetryWindow Window,
    IReadOnlyList<LoadSegment> Segments,
    EnergyEstimate Counter,
    EnergyEstimate Integrated
)
{
    /// <summary>How long the counted parts were, in seconds.</summary>
    public double Seconds => Segments.Sum(segment => segment.Seconds);

    /// <summary>Steps in them.</summary>
    public long Steps => Segments.Sum(segment => segment.Steps);

    /// <summary>The time of a step, in seconds; null where no step was counted.</summary>
    public double? SecondsPerStep => Steps > 0 ? Seconds / Steps : null;

    /// <summary>Works a trial out.</summary>
    /// <param name="window">Its samples.</param>
    /// <param name="events">Its events.</param>
    /// <param name="behaviour">The sensor's behaviour.</param>
    /// <param name="channel">The power value to integrate; null where there is none.</param>
    public static TrialEnergy Of(
        TelemetryWindow window,
        IEnumerable<TelemetryEvent> events,
        SensorBehaviour behaviour,
        PowerChannel? channel
    )
    {
        ArgumentNullException.ThrowIfNull(window);
        ArgumentNullException.ThrowIfNull(behaviour);
        IReadOnlyList<LoadSegment> segments = LoadSegment.Of(events);
        return new TrialEnergy(
            window,
            segments,
            CounterEnergy.Of(window.Entries, segments, behaviour.CounterUpdateSeconds),
            channel is null
                ? EnergyEstimate.None(TelemetryCodes.NoPower)
                : IntegratedEnergy.Of(window.Entries, segments, channel)
        );
    }
}
