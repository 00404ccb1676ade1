using GpuDecodeBench.Measurement.Telemetry.Recording;
using GpuDecodeBench.Measurement.Telemetry.Validity;

namespace GpuDecodeBench.Measurement.Telemetry.Energy;

/// <summary>
/// Mean power by integrating the sensor's readings, with the correction of Z. Yang, K. Adamek and W. Armour (arXiv 2312.02741):
/// the first repetitions are not counted, readings are moved back to the time that they tell of, the edges are interpolated and
/// what lies between is integrated by trapezoids. Only readings whose whole window was under load count.
/// </summary>
public static class IntegratedEnergy
{
    /// <summary>Readings with values of their own that the mean must rest on.</summary>
    public const int MinimumReadings = 8;

    /// <summary>The longest time without a reading, in seconds.</summary>
    public const double LongestSilenceSeconds = 3;

    /// <summary>Of several segments.</summary>
    /// <param name="entries">The samples around them.</param>
    /// <param name="segments">The segments.</param>
    /// <param name="channel">Which power value, and its behaviour.</param>
    public static EnergyEstimate Of(
        IReadOnlyList<TelemetryEntry> entries,
        IReadOnlyList<LoadSegment> segments,
        PowerChannel channel
    )
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(segments);
        ArgumentNullException.ThrowIfNull(channel);
        double joules = 0;
        double seconds = 0;
        int readings = 0;
        foreach (LoadSegment segment in segments)
        {
            (double Seconds, double Watts)[] points = Points(entries, segment, channel);
            if (points.Length == 0)
            {
                continue;
            }

            if (IsSilent(points, segment, channel))
            {
                return EnergyEstimate.None(TelemetryCodes.SensorSilent);
            }

            joules += Integral(points, segment.BeginSeconds, segment.EndSeconds);
            seconds += segment.Seconds;
            // Reading one value several times makes no more of it.
            double span = points[^1].Seconds - points[0].Seconds;
            readings += Math.Min(points.Length, (int)Math.Floor((span / channel.UpdateSeconds) + 1e-6) + 1);
        }

        if (readings >= MinimumReadings)
        {
            return EnergyEstimate.Of(joules / seconds, readings);
        }

        bool wasRead = entries.Any(entry => channel.WattsOf(entry.Sample) is not null);
        return EnergyEstimate.None(wasRead ? TelemetryCodes.TooFewPowerSamples : TelemetryCodes.NoPower, readings);
    }

    /// <summary>The integral over a stretch by trapezoids; beyond the first and the last point their values go on.</summary>
    /// <param name="points">At least one point, in order.</param>
    /// <param name="from">The begin, in seconds.</param>
    /// <param name="to">The end, in seconds.</param>
    /// <returns>Joules.</returns>
    internal static double Integral(ReadOnlySpan<(double Seconds, double Watts)> points, double from, double to)
    {
        double joules = 0;
        double time = from;
        double watts = At(points, from);
        foreach ((double seconds, double value) in points)
        {
            if (seconds > time && seconds < to)
            {
                joules += (watts + value) / 2 * (seconds - time);
                (time, watts) = (seconds, value);
            }
        }

        return joules + ((watts + At(points, to)) / 2 * (to - time));
    }

    private static (double Seconds, double Watts)[] Points(
        IReadOnlyList<TelemetryEntry> entries,
        LoadSegment segment,
        PowerChannel channel
    ) =>
        [
            .. from entry in entries
            let seconds = entry.Sample.Seconds
            let watts = channel.WattsOf(entry.Sample)
            where
                watts is not null
                && seconds - channel.ReachSeconds >= segment.LoadBeginSeconds
                && seconds - channel.LagSeconds <= segment.LoadEndSeconds
            select (seconds - channel.ShiftSeconds, watts.Value),
        ];

    private static bool IsSilent((double Seconds, double Watts)[] points, LoadSegment segment, PowerChannel channel)
    {
        double before = Math.Max(segment.BeginSeconds, segment.LoadBeginSeconds + (channel.WindowSeconds / 2));
        IEnumerable<double> times = points.Select(point => point.Seconds).Prepend(before).Append(segment.EndSeconds);
        return times.Zip(times.Skip(1)).Any(pair => pair.Second - pair.First > LongestSilenceSeconds);
    }

    private static double At(ReadOnlySpan<(double Seconds, double Watts)> points, double seconds)
    {
        if (seconds <= points[0].Seconds)
        {
            return points[0].Watts;
        }

        for (int i = 1; i < points.Length; i++)
        {
            if (points[i].Seconds >= seconds)
            {
                double share = (seconds - points[i - 1].Seconds) / (points[i].Seconds - points[i - 1].Seconds);
                return points[i - 1].Watts + (share * (points[i].Watts - points[i - 1].Watts));
            }
        }

        return points[^1].Watts;
    }
}
