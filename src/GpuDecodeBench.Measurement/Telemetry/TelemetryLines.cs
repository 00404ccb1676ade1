using System.Globalization;

namespace GpuDecodeBench.Measurement.Telemetry;

/// <summary>
/// Samples as lines of comma-separated values below a line of names with units, for a screen or a pipe; what was not told is empty.
/// Files that are read again are <see cref="Traces.TraceWriter"/>'s.
/// </summary>
/// <param name="output">Where they go.</param>
/// <param name="startSeconds">The moment that counts as 0, in seconds of <see cref="TelemetryClock"/>.</param>
public sealed class TelemetryLines(TextWriter output, double startSeconds)
{
    /// <summary>The first line.</summary>
    public const string Header =
        "seconds,powerInstantWatts,powerAverageWatts,energyJoules,coreClockHz,memoryClockHz,temperatureCelsius,memoryTemperatureCelsius,coreUtilization,memoryUtilization,throttleReasons,failureCode";

    private bool _hasHeader;

    /// <summary>Adds a sample.</summary>
    public void Write(in TelemetrySample sample)
    {
        if (!_hasHeader)
        {
            output.WriteLine(Header);
            _hasHeader = true;
        }

        string reasons = sample.ThrottleReasons is ThrottleReasons known
            ? ((int)known).ToString(CultureInfo.InvariantCulture)
            : "";
        string[] cells =
        [
            (sample.Seconds - startSeconds).ToString("0.000", CultureInfo.InvariantCulture),
            Number(sample.PowerInstantWatts),
            Number(sample.PowerAverageWatts),
            Number(sample.EnergyJoules),
            Number(sample.CoreClockHz),
            Number(sample.MemoryClockHz),
            Number(sample.TemperatureCelsius),
            Number(sample.MemoryTemperatureCelsius),
            Number(sample.CoreUtilization),
            Number(sample.MemoryUtilization),
            reasons,
            sample.FailureCode ?? "",
        ];
        output.WriteLine(string.Join(',', cells));
    }

    private static string Number(double? value) => value?.ToString("R", CultureInfo.InvariantCulture) ?? "";
}
