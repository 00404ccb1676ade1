namespace GpuDecodeBench.Measurement.Doctor;

/// <summary>The host's clocks, replaced in tests.</summary>
public interface IDoctorClock
{
    /// <summary>Seconds of the monotonic clock.</summary>
    double MonotonicSeconds { get; }

    /// <summary>Seconds of the wall clock.</summary>
    double WallSeconds { get; }
}
