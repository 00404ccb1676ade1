namespace GpuDecodeBench.Measurement.Telemetry.Recording;

/// <summary>Real time: <see cref="TelemetryClock"/> and threads that sleep.</summary>
public sealed class SystemTelemetryTime : ITelemetryTime
{
    /// <summary>How long the end of a repetition waits for a call that hangs in a driver, before it leaves the thread behind.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    /// <inheritdoc />
    public double NowSeconds => TelemetryClock.NowSeconds;

    /// <inheritdoc />
    public DateTimeOffset UtcNow => DateTimeOffset.UtcNow;

    /// <inheritdoc />
    public void Wait(double seconds, CancellationToken cancellation)
    {
        if (seconds > 0)
        {
            cancellation.WaitHandle.WaitOne(TimeSpan.FromSeconds(seconds));
        }
    }

    /// <inheritdoc />
    public IDisposable Repeat(Func<double> action)
    {
        ArgumentNullException.ThrowIfNull(action);
        return new Repetition(action);
    }

    private sealed class Repetition : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Thread _thread;

        public Repetition(Func<double> action)
        {
            _thread = new Thread(() => Loop(action, _stop.Token)) { IsBackground = true, Name = "telemetry" };
            _thread.Start();
        }

        public void Dispose()
        {
            _stop.Cancel();
            // A thread that still hangs keeps using the token, which then is left to the collector.
            if (_thread.Join(s_patience))
            {
                _stop.Dispose();
            }
        }

        private static void Loop(Func<double> action, CancellationToken stop)
        {
            while (!stop.IsCancellationRequested)
            {
                double wait = action();
                stop.WaitHandle.WaitOne(TimeSpan.FromSeconds(Math.Max(0, wait)));
            }
        }
    }
}
