using GpuDecodeBench.Measurement.Telemetry.Recording;

namespace GpuDecodeBench.Measurement.Telemetry.Energy;

/// <summary>
/// Measures a sensor's behaviour: steps and pauses in turn, of random lengths so that no window fits them by chance, and then
/// <see cref="SensorFit"/>. The same load tells whether the counter sees all of the time.
/// </summary>
/// <param name="recorder">Samples the device meanwhile.</param>
/// <param name="time">The clock.</param>
/// <param name="random">Chooses the lengths.</param>
public sealed class SensorProbe(TelemetryRecorder recorder, ITelemetryTime time, Random random)
{
    private const int Cycles = 20;
    private const double ShortestSeconds = 0.15;
    private const double LongestSeconds = 0.45;

    /// <summary>About how long <see cref="Run"/> takes, in seconds.</summary>
    public const double AboutSeconds = Cycles * (ShortestSeconds + LongestSeconds);

    /// <summary>Runs the load and looks at what the sensor made of it.</summary>
    /// <param name="runStep">Runs one step and waits for it.</param>
    /// <param name="assumed">The behaviour that is known without measuring; what cannot be measured stays as it is there.</param>
    /// <param name="cancellation">Ends the probe.</param>
    public SensorProbeResult Run(Action runStep, SensorBehaviour assumed, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(runStep);
        ArgumentNullException.ThrowIfNull(assumed);
        double begin = time.NowSeconds;
        recorder.SeeksEdges = true;
        try
        {
            for (int i = 0; i < Cycles; i++)
            {
                double end = recorder.Mark(TelemetryEventKind.ProbeOn) + Length();
                while (time.NowSeconds < end)
                {
                    cancellation.ThrowIfCancellationRequested();
                    runStep();
                }

                recorder.Mark(TelemetryEventKind.ProbeOff);
                time.Wait(Length(), cancellation);
            }
        }
        finally
        {
            recorder.SeeksEdges = false;
        }

        return Of(recorder.Between(begin, time.NowSeconds), recorder.EventsBetween(begin, time.NowSeconds), assumed);
    }

    /// <summary>The behaviour that a probe's samples and events tell.</summary>
    public static SensorProbeResult Of(
        IReadOnlyList<TelemetryEntry> entries,
        IReadOnlyList<TelemetryEvent> events,
        SensorBehaviour assumed
    )
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(events);
        ArgumentNullException.ThrowIfNull(assumed);
        double[] begins = [.. events.Where(e => e.Kind == TelemetryEventKind.ProbeOn).Select(e => e.Seconds)];
        double[] ends = [.. events.Where(e => e.Kind == TelemetryEventKind.ProbeOff).Select(e => e.Seconds)];
        (double, double)[] on = [.. begins.Zip(ends)];
        SensorFit? instant = SensorFit.Of(entries, on, sample => sample.PowerInstantWatts);
        SensorFit? average = SensorFit.Of(entries, on, sample => sample.PowerAverageWatts);
        SensorFit? first = instant ?? average;
        SensorBehaviour behaviour = first is null
            ? assumed
            : assumed with
            {
                UpdateSeconds = first.UpdateSeconds,
                InstantWindowSeconds = instant?.WindowSeconds ?? assumed.InstantWindowSeconds,
                AverageWindowSeconds = average?.WindowSeconds ?? assumed.AverageWindowSeconds,
                LagSeconds = first.LagSeconds,
                Origin = $"measured by a load that went on and off, {first.Updates} updates",
                IsMeasured = true,
            };
        return new SensorProbeResult(behaviour, instant, average, CounterOverIntegrated(entries));
    }

    /// <summary>Energy by the counter over the integral of the power readings, over the whole probe; null where one is missing.</summary>
    private static double? CounterOverIntegrated(IReadOnlyList<TelemetryEntry> entries)
    {
        TelemetryEntry[] both = [.. entries.Where(entry => entry.Sample.EnergyJoules is not null)];
        if (both.Length < 2)
        {
            return null;
        }

        double counter = both[^1].Sample.EnergyJoules!.Value - both[0].Sample.EnergyJoules!.Value;
        double? integrated = both.Skip(1).Aggregate((double?)0, (sum, entry) => sum + entry.PowerJoules);
        return integrated > 0 && counter > 0 ? counter / integrated : null;
    }

    private double Length() => ShortestSeconds + (random.NextDouble() * (LongestSeconds - ShortestSeconds));
}
