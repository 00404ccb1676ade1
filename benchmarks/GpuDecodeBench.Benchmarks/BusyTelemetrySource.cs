using GpuDecodeBench.Measurement.Telemetry;

namespace GpuDecodeBench.Benchmarks;

/// <summary>A source whose reads keep a core busy for a while, as calls into a driver do.</summary>
internal sealed class BusyTelemetrySource(double updateSeconds, double readSeconds) : ITelemetrySource
{
    public string Name => "busy";

    public string Description => $"spins for {readSeconds * 1e6:0} µs a read";

    public IReadOnlyList<TelemetryCapability> Capabilities => [];

    public double UpdatePeriodSeconds => updateSeconds;

    public TelemetrySample Read()
    {
        double begin = TelemetryClock.NowSeconds;
        double now;
        do
        {
            now = TelemetryClock.NowSeconds;
        } while (now < begin + readSeconds);

        return new TelemetrySample { Seconds = (begin + now) / 2, PowerInstantWatts = 100 };
    }

    public DeviceState ReadState() => new();

    public void Dispose() { }
}
