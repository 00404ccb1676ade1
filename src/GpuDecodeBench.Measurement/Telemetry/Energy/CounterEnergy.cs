using GpuDecodeBench.Measurement.Telemetry.Recording;
using GpuDecodeBench.Measurement.Telemetry.Validity;

namespace GpuDecodeBench.Measurement.Telemetry.Energy;

/// <summary>
/// Mean power by the energy counter. A counter that moves every 100 ms would be wrong by up to one update at each end if it were
/// merely read there; so the instants at which it moved are found, and between them it is taken to grow evenly.
/// </summary>
public static class CounterEnergy
{
    /// <summary>The share of a segment that must lie between two updates.</summary>
    private const double SmallestShare = 0.3;

    /// <summary>Of several segments.</summary>
    /// <param name="entries">The samples around them.</param>
    /// <param name="segments">The segments.</param>
    /// <param name="counterUpdateSeconds">How often the counter moves, in seconds.</param>
    public static EnergyEstimate Of(
        IReadOnlyList<TelemetryEntry> entries,
        IReadOnlyList<LoadSegment> segments,
        double counterUpdateSeconds
    )
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(segments);
        double joules = 0;
        double seconds = 0;
        int updates = 0;
        bool wasRead = false;
        foreach (LoadSegment segment in segments)
        {
            List<(double Seconds, double Joules)> edges = Edges(
                entries,
                segment,
                counterUpdateSeconds,
                out bool isStuck
            );
            if (edges.Zip(edges.Skip(1)).Any(pair => pair.Second.Joules < pair.First.Joules))
            {
                return EnergyEstimate.None(TelemetryCodes.CounterWentBack);
            }

            wasRead |= edges.Count > 0 || isStuck;
            if (isStuck)
            {
                return EnergyEstimate.None(TelemetryCodes.SensorStuck);
            }

            if (edges.Count < 2)
            {
                continue;
            }

            // Right after a pause the counter may still tell of the pause: of such a load the first update is left out.
            double from = Math.Max(segment.BeginSeconds, segment.LoadBeginSeconds + counterUpdateSeconds);
            double begin = Math.Max(from, edges[0].Seconds);
            double end = Math.Min(segment.EndSeconds, edges[^1].Seconds);
            if (end - begin >= SmallestShare * segment.Seconds)
            {
                joules += At(edges, end) - At(edges, begin);
                seconds += end - begin;
                updates += edges.Count - 1;
            }
        }

        if (seconds > 0)
        {
            return EnergyEstimate.Of(joules / seconds, updates);
        }

        return EnergyEstimate.None(wasRead ? TelemetryCodes.WindowTooShort : TelemetryCodes.NoCounter);
    }

    /// <summary>The instants of a load at which the counter was seen to have moved, with what it then told.</summary>
    private static List<(double Seconds, double Joules)> Edges(
        IReadOnlyList<TelemetryEntry> entries,
        LoadSegment segment,
        double counterUpdateSeconds,
        out bool isStuck
    )
    {
        var edges = new List<(double, double)>();
        TelemetrySample? before = null;
        double? firstSeconds = null;
        foreach (TelemetryEntry entry in entries)
        {
            TelemetrySample sample = entry.Sample;
            if (
                sample.EnergyJoules is not double joules
                || sample.Seconds < segment.LoadBeginSeconds
                || sample.Seconds > segment.LoadEndSeconds
            )
            {
                continue;
            }

            firstSeconds ??= sample.Seconds;
            if (before is TelemetrySample earlier && joules != earlier.EnergyJoules)
            {
                // It moved between the two samples, at most one update before the second.
                double spacing = Math.Min(sample.Seconds - earlier.Seconds, counterUpdateSeconds);
                edges.Add((sample.Seconds - (spacing / 2), joules));
            }

            before = sample;
        }

        double seen = before is TelemetrySample last ? last.Seconds - firstSeconds!.Value : 0;
        isStuck = edges.Count == 0 && seen > Math.Max(5 * counterUpdateSeconds, 0.25);
        return edges;
    }

    private static double At(List<(double Seconds, double Joules)> edges, double seconds)
    {
        int next = edges.FindIndex(edge => edge.Seconds >= seconds);
        if (next <= 0)
        {
            return next == 0 ? edges[0].Joules : edges[^1].Joules;
        }

        ((double t0, double e0), (double t1, double e1)) = (edges[next - 1], edges[next]);
        return e0 + ((e1 - e0) * (seconds - t0) / (t1 - t0));
    }
}
