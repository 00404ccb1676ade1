using System.Diagnostics;

namespace GpuDecodeBench.Measurement.Telemetry;

/// <summary>The clock of samples and of steps: monotonic, the same for all threads, from a start that means nothing.</summary>
public static class TelemetryClock
{
    /// <summary>Now, in seconds.</summary>
    public static double NowSeconds => ToSeconds(Stopwatch.GetTimestamp());

    /// <summary>A <see cref="Stopwatch"/> time stamp, in seconds.</summary>
    public static double ToSeconds(long timestamp) => (double)timestamp / Stopwatch.Frequency;
}
