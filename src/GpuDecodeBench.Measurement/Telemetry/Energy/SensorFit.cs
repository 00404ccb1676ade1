using GpuDecodeBench.Measurement.Telemetry.Recording;

namespace GpuDecodeBench.Measurement.Telemetry.Energy;

/// <summary>How a power value was seen to answer a load that goes on and off.</summary>
/// <param name="UpdateSeconds">The time between two new values, in seconds.</param>
/// <param name="WindowSeconds">The window whose mean explains the values best, in seconds.</param>
/// <param name="LagSeconds">How late they come, in seconds.</param>
/// <param name="ExplainedShare">The share of the values' variance that it explains (R²).</param>
/// <param name="Updates">New values that it rests on.</param>
public sealed record SensorFit(
    double UpdateSeconds,
    double WindowSeconds,
    double LagSeconds,
    double ExplainedShare,
    int Updates
)
{
    /// <summary>A fit that explains less than this is none.</summary>
    public const double SmallestExplainedShare = 0.9;

    private const int MinimumUpdates = 20;

    private static readonly double[] s_windows = [0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1];

    /// <summary>
    /// In steps of 5 ms, and from a little below zero: a change is seen up to a sample before or after the middle of two samples,
    /// and a lag that cannot follow would make a window of another length look better.
    /// </summary>
    private static readonly double[] s_lags = [.. Enumerable.Range(-2, 43).Select(i => i * 0.005)];

    /// <summary>
    /// The update period from the instants at which the value changed; window and lag by least squares over candidates: for each,
    /// the share of the window in which the load was on is worked out for every new value, and a straight line is fitted.
    /// </summary>
    /// <param name="entries">Samples, taken faster than the sensor updates.</param>
    /// <param name="on">When the load was on, in order: begins and ends, in seconds.</param>
    /// <param name="value">The power value of a sample.</param>
    /// <returns>Null where the values do not tell.</returns>
    public static SensorFit? Of(
        IReadOnlyList<TelemetryEntry> entries,
        IReadOnlyList<(double Begin, double End)> on,
        Func<TelemetrySample, double?> value
    )
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentNullException.ThrowIfNull(on);
        ArgumentNullException.ThrowIfNull(value);
        List<(double Seconds, double Watts)> changes = Changes(entries, value);
        if (changes.Count < MinimumUpdates)
        {
            return null;
        }

        double update = UpdatePeriod(changes);
        SensorFit? best = null;
        foreach (double window in s_windows)
        {
            foreach (double lag in s_lags)
            {
                double explained = Explained(changes, on, window, lag);
                if (explained > (best?.ExplainedShare ?? double.NegativeInfinity))
                {
                    best = new SensorFit(update, window, Math.Max(0, lag), explained, changes.Count);
                }
            }
        }

        return best?.ExplainedShare >= SmallestExplainedShare ? best : null;
    }

    private static List<(double Seconds, double Watts)> Changes(
        IReadOnlyList<TelemetryEntry> entries,
        Func<TelemetrySample, double?> value
    )
    {
        var changes = new List<(double, double)>();
        (double Seconds, double Watts)? before = null;
        foreach (TelemetryEntry entry in entries)
        {
            if (value(entry.Sample) is not double watts)
            {
                continue;
            }

            if (before is (double earlier, double last) && watts != last)
            {
                changes.Add(((earlier + entry.Sample.Seconds) / 2, watts));
            }

            before = (entry.Sample.Seconds, watts);
        }

        return changes;
    }

    /// <summary>
    /// Two equal values in a row hide a change, so the median time between changes is a first guess, and the whole time over the
    /// number of periods in it the answer.
    /// </summary>
    private static double UpdatePeriod(List<(double Seconds, double Watts)> changes)
    {
        double[] gaps = [.. changes.Zip(changes.Skip(1), (a, b) => b.Seconds - a.Seconds).Order()];
        double guess = gaps[gaps.Length / 2];
        double periods = gaps.Sum(gap => Math.Max(1, Math.Round(gap / guess)));
        return gaps.Sum() / periods;
    }

    private static double Explained(
        List<(double Seconds, double Watts)> changes,
        IReadOnlyList<(double Begin, double End)> on,
        double window,
        double lag
    )
    {
        double[] x = [.. changes.Select(change => ShareOn(on, change.Seconds - lag - window, change.Seconds - lag))];
        double[] y = [.. changes.Select(change => change.Watts)];
        double meanX = x.Average();
        double meanY = y.Average();
        double xx = x.Sum(v => (v - meanX) * (v - meanX));
        double yy = y.Sum(v => (v - meanY) * (v - meanY));
        double xy = x.Zip(y).Sum(pair => (pair.First - meanX) * (pair.Second - meanY));
        // More load cannot mean less power.
        return xx > 0 && yy > 0 && xy > 0 ? xy * xy / (xx * yy) : 0;
    }

    private static double ShareOn(IReadOnlyList<(double Begin, double End)> on, double from, double to) =>
        on.Sum(one => Math.Max(0, Math.Min(one.End, to) - Math.Max(one.Begin, from))) / (to - from);
}
