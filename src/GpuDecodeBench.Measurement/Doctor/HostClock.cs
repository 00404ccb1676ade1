using GpuDecodeBench.Measurement.Telemetry;

namespace GpuDecodeBench.Measurement.Doctor;

/// <summary>This machine's clocks.</summary>
public sealed class HostClock : IDoctorClock
{
    /// <inheritdoc />
    public double MonotonicSeconds => TelemetryClock.NowSeconds;

    /// <inheritdoc />
    public double WallSeconds => (DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch).TotalSeconds;
}
