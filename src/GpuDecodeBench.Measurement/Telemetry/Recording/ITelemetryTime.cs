namespace GpuDecodeBench.Measurement.Telemetry.Recording;

/// <summary>The clock of telemetry and every way of waiting on it, so that a test can let time pass without spending it.</summary>
public interface ITelemetryTime
{
    /// <summary>Now, in seconds of the clock that samples carry.</summary>
    double NowSeconds { get; }

    /// <summary>The host's calendar clock, which somebody may set while a run goes on.</summary>
    DateTimeOffset UtcNow { get; }

    /// <summary>Waits; returns early where it is cancelled.</summary>
    /// <param name="seconds">How long, in seconds; nothing happens for 0 or less.</param>
    /// <param name="cancellation">Ends the wait.</param>
    void Wait(double seconds, CancellationToken cancellation);

    /// <summary>Calls again and again, on a thread of its own where time is real.</summary>
    /// <param name="action">What to call; it returns after how many seconds it wants to be called again.</param>
    /// <returns>Ends the calls promptly when it is disposed.</returns>
    IDisposable Repeat(Func<double> action);
}
