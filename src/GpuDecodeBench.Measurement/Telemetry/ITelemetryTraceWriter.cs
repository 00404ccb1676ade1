namespace GpuDecodeBench.Measurement.Telemetry;

/// <summary>Keeps samples as they come, oldest first.</summary>
public interface ITelemetryTraceWriter : IDisposable
{
    /// <summary>Adds a sample.</summary>
    /// <exception cref="IOException">It could not be kept.</exception>
    void Write(in TelemetrySample sample);
}
