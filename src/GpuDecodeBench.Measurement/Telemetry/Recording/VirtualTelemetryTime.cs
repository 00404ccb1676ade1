namespace GpuDecodeBench.Measurement.Telemetry.Recording;

/// <summary>
/// Time that passes only where somebody lets it: for replays and tests. Everything happens on the thread that calls
/// <see cref="Advance"/>, in the order of the instants at which it is due.
/// </summary>
/// <param name="startSeconds">The first instant, in seconds.</param>
public sealed class VirtualTelemetryTime(double startSeconds = 0) : ITelemetryTime
{
    private readonly List<Repetition> _repetitions = [];
    private DateTimeOffset _utc = DateTimeOffset.UnixEpoch;

    /// <inheritdoc />
    public double NowSeconds { get; private set; } = startSeconds;

    /// <inheritdoc />
    public DateTimeOffset UtcNow => _utc + TimeSpan.FromSeconds(NowSeconds);

    /// <summary>Sets the calendar clock forwards, or backwards, as an administrator would.</summary>
    /// <param name="seconds">By how much, in seconds.</param>
    public void JumpCalendar(double seconds) => _utc += TimeSpan.FromSeconds(seconds);

    /// <summary>Lets time pass, making every call that falls due meanwhile.</summary>
    /// <param name="seconds">How long, in seconds.</param>
    /// <exception cref="ArgumentOutOfRangeException">Time would run backwards.</exception>
    public void Advance(double seconds)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(seconds);
        double end = NowSeconds + seconds;
        while (_repetitions.Where(one => one.DueSeconds <= end).MinBy(one => one.DueSeconds) is { } next)
        {
            NowSeconds = Math.Max(NowSeconds, next.DueSeconds);
            // A call that lets time pass itself is not called again from within.
            next.DueSeconds = double.PositiveInfinity;
            double wait = next.Action();
            next.DueSeconds = NowSeconds + Math.Max(1e-6, wait);
        }

        NowSeconds = Math.Max(NowSeconds, end);
    }

    /// <inheritdoc />
    public void Wait(double seconds, CancellationToken cancellation)
    {
        if (!cancellation.IsCancellationRequested)
        {
            Advance(Math.Max(0, seconds));
        }
    }

    /// <inheritdoc />
    public IDisposable Repeat(Func<double> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        var repetition = new Repetition(this, action) { DueSeconds = NowSeconds };
        _repetitions.Add(repetition);
        return repetition;
    }

    private sealed class Repetition(VirtualTelemetryTime time, Func<double> action) : IDisposable
    {
        public Func<double> Action => action;

        public double DueSeconds { get; set; }

        public void Dispose() => time._repetitions.Remove(this);
    }
}
