using GpuDecodeBench.Measurement.Telemetry.Recording;

namespace GpuDecodeBench.Measurement.Telemetry.Energy;

/// <summary>
/// Runs a step again and again for as long as its energy needs, and marks what happened in the recorder, so that the energy can be
/// worked out from the trace alone, now or from a file.
/// </summary>
/// <param name="recorder">Samples the device meanwhile.</param>
/// <param name="time">The clock.</param>
/// <param name="behaviour">The sensor's behaviour.</param>
/// <param name="channel">The power value that will be integrated; null where there is none.</param>
/// <param name="random">Chooses the phases.</param>
public sealed class EnergyLoop(
    TelemetryRecorder recorder,
    ITelemetryTime time,
    SensorBehaviour behaviour,
    PowerChannel? channel,
    Random random
)
{
    /// <summary>Steps are asked for in batches of about this length, in seconds, so that no time between them is the host's.</summary>
    private const double BatchSeconds = 0.05;

    /// <summary>A step that is longer than this share of a part-time sensor's window is met at random phases.</summary>
    private const double UniformShare = 0.25;

    private const int MostSegments = 16;
    private const double SegmentUpdates = 4;
    private const int EdgeUpdates = 3;

    /// <summary>
    /// The shortest time that a trial takes, in seconds: the load before, the shortest part that is counted, and the load after,
    /// each in whole steps.
    /// </summary>
    /// <param name="stepSeconds">The time of a step, in seconds.</param>
    public double ShortestTrialSeconds(double stepSeconds) =>
        Whole(behaviour.SettleSeconds, stepSeconds)
        + Whole(behaviour.ShortestSeconds, stepSeconds)
        + Whole(behaviour.TailSeconds, stepSeconds);

    /// <summary>What a trial takes beside the part that is counted, in seconds.</summary>
    /// <param name="stepSeconds">The time of a step, in seconds.</param>
    public double OverheadSeconds(double stepSeconds) =>
        Whole(behaviour.SettleSeconds, stepSeconds) + Whole(behaviour.TailSeconds, stepSeconds);

    /// <summary>Runs one trial.</summary>
    /// <param name="label">The point's name.</param>
    /// <param name="countedSeconds">How long the part that is counted takes, in seconds, or a little longer.</param>
    /// <param name="stepSeconds">The time of a step, in seconds.</param>
    /// <param name="runSteps">Runs so many steps and waits for the last.</param>
    /// <param name="cancellation">Ends the trial.</param>
    /// <returns>When the trial began and ended, in seconds.</returns>
    public (double Begin, double End) Run(
        string label,
        double countedSeconds,
        double stepSeconds,
        Action<int> runSteps,
        CancellationToken cancellation
    )
    {
        ArgumentNullException.ThrowIfNull(runSteps);
        int batch = Math.Max(1, (int)(BatchSeconds / stepSeconds));
        recorder.SeeksEdges = true;
        try
        {
            // No trial begins at the sensor's own phase.
            time.Wait(random.NextDouble() * behaviour.UpdateSeconds, cancellation);
            double begin = recorder.Mark(TelemetryEventKind.TrialBegin, label);
            if (channel is { IsPartTime: true } && stepSeconds > UniformShare * channel.WindowSeconds)
            {
                RunAtPhases(countedSeconds, batch, runSteps, cancellation);
            }
            else
            {
                RunInOne(countedSeconds, batch, runSteps, cancellation);
            }

            return (begin, recorder.Mark(TelemetryEventKind.TrialEnd));
        }
        finally
        {
            recorder.SeeksEdges = false;
        }
    }

    private void RunInOne(double countedSeconds, int batch, Action<int> runSteps, CancellationToken cancellation)
    {
        double load = recorder.Mark(TelemetryEventKind.LoadBegin);
        RunUntil(load + behaviour.SettleSeconds, batch, runSteps, cancellation);
        double begin = recorder.Mark(TelemetryEventKind.SegmentBegin);
        double end = begin + countedSeconds;
        // Edges are wanted around both ends; between them the source's own rate is enough.
        double edges = EdgeUpdates * Math.Max(behaviour.CounterUpdateSeconds, behaviour.UpdateSeconds);
        long steps = RunUntil(Math.Min(begin + edges, end), batch, runSteps, cancellation);
        recorder.SeeksEdges = false;
        steps += RunUntil(end - edges - recorder.PeriodSeconds, batch, runSteps, cancellation);
        recorder.SeeksEdges = true;
        steps += RunUntil(end, batch, runSteps, cancellation);
        double segmentEnd = recorder.Mark(TelemetryEventKind.SegmentEnd, count: steps);
        RunUntil(segmentEnd + behaviour.TailSeconds, batch, runSteps, cancellation);
        recorder.Mark(TelemetryEventKind.LoadEnd);
    }

    /// <summary>
    /// A sensor that looks only a part of the time may always meet the same part of a step. So the load is cut into segments whose
    /// begins lie evenly over the sensor's period, from a random offset on, in random order.
    /// </summary>
    private void RunAtPhases(double countedSeconds, int batch, Action<int> runSteps, CancellationToken cancellation)
    {
        double period = behaviour.UpdateSeconds;
        int segments = (int)Math.Clamp(countedSeconds / (SegmentUpdates * period), 2, MostSegments);
        double offset = random.NextDouble();
        double[] phases = [.. Enumerable.Range(0, segments).Select(i => (i + offset) / segments * period)];
        random.Shuffle(phases);
        RunUntil(time.NowSeconds + behaviour.SettleSeconds, batch, runSteps, cancellation);
        foreach (double phase in phases)
        {
            time.Wait((phase - (time.NowSeconds % period) + period) % period, cancellation);
            recorder.Mark(TelemetryEventKind.LoadBegin);
            double begin = recorder.Mark(TelemetryEventKind.SegmentBegin);
            long steps = RunUntil(begin + (countedSeconds / segments), batch, runSteps, cancellation);
            recorder.Mark(TelemetryEventKind.SegmentEnd, count: steps);
            recorder.Mark(TelemetryEventKind.LoadEnd);
        }
    }

    /// <summary>Whole batches until an instant; none where it has passed.</summary>
    /// <returns>Steps.</returns>
    private long RunUntil(double endSeconds, int batch, Action<int> runSteps, CancellationToken cancellation)
    {
        long steps = 0;
        while (time.NowSeconds < endSeconds)
        {
            cancellation.ThrowIfCancellationRequested();
            runSteps(batch);
            steps += batch;
        }

        return steps;
    }

    private static double Whole(double seconds, double stepSeconds) =>
        Math.Max(1, Math.Ceiling(seconds / stepSeconds)) * stepSeconds;
}
