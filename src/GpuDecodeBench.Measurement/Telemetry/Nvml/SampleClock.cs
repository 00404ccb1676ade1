namespace GpuDecodeBench.Measurement.Telemetry.Nvml;

/// <summary>
/// Puts the time stamps of a driver's buffer on the steps' clock. nvml.h calls them the CPU's in microseconds and leaves open of
/// which clock: of the time of day, or of the time since the machine was started (as on recent Linux drivers, see
/// https://github.com/polarsignals/gpu-metrics-agent/pull/36). The newest sample of a buffer is a moment old, which tells: the
/// clock is the one on which it has the smallest age that is not negative.
/// </summary>
internal sealed class SampleClock
{
    /// <summary>Older than this, the newest sample tells no clock: sensors write several times a second.</summary>
    private const double OldestSeconds = 60;

    /// <summary>How far in the future a sample may seem to lie, for clocks that are read one after the other.</summary>
    private const double SlackSeconds = 0.05;

    /// <summary>How much the time of day may drift against the steps' clock while it is corrected smoothly: 500 ppm on Linux.</summary>
    private const double DriftShare = 0.001;

    private HostClocks? _last;

    /// <summary>
    /// What is added to time stamps to have them on the steps' clock; null where no clock fits, or where the time of day was set
    /// since the last call, so that stamps from before and after cannot be told apart.
    /// </summary>
    /// <param name="newestSeconds">The newest time stamp, in seconds.</param>
    /// <param name="now">The clocks, read right after the samples.</param>
    public double? OffsetSeconds(double newestSeconds, HostClocks now)
    {
        HostClocks? last = _last;
        _last = now;
        double? best = null;
        double smallestAge = OldestSeconds;
        foreach (double? clock in (ReadOnlySpan<double?>)[now.WallSeconds, now.BootSeconds, now.Seconds])
        {
            if (clock - newestSeconds is double age && age >= -SlackSeconds && age < smallestAge)
            {
                smallestAge = age;
                best = clock;
            }
        }

        return best is null || (best == now.WallSeconds && last is HostClocks before && WasSet(before, now))
            ? null
            : now.Seconds - best;
    }

    private static bool WasSet(HostClocks before, HostClocks now)
    {
        double elapsed = now.Seconds - before.Seconds;
        double moved = now.WallSeconds - before.WallSeconds - elapsed;
        return Math.Abs(moved) > SlackSeconds + (elapsed * DriftShare);
    }
}
