using System.Globalization;
using GpuDecodeBench.Measurement.Telemetry.Validity;

namespace GpuDecodeBench.Measurement.Telemetry;

/// <summary>Samples in a few words, for a line of progress.</summary>
internal static class TelemetryWords
{
    /// <summary>Reasons that are no complaint: an idle device, and clocks that somebody chose.</summary>
    private const ThrottleReasons Harmless =
        ThrottleReasons.Idle | ThrottleReasons.ApplicationClocks | ThrottleReasons.DisplayClocks;

    /// <summary>What a sample tells of power, clock, temperature and slowing down; null where it tells nothing of them.</summary>
    /// <param name="earlier">A sample some time before, for the power of a source that only counts energy.</param>
    /// <param name="sample">The sample.</param>
    public static string? Of(in TelemetrySample earlier, in TelemetrySample sample)
    {
        double seconds = sample.Seconds - earlier.Seconds;
        double? watts =
            sample.PowerInstantWatts
            ?? sample.PowerAverageWatts
            ?? (seconds > 0 ? (sample.EnergyJoules - earlier.EnergyJoules) / seconds : null);
        string[] words =
        [
            .. new[]
            {
                Number(watts, "0 W"),
                Number(sample.CoreClockHz / 1e6, "0 MHz"),
                Number(sample.TemperatureCelsius, "0 °C"),
                Slowed(sample.ThrottleReasons),
            }.OfType<string>(),
        ];
        return words.Length == 0 ? null : string.Join(", ", words);
    }

    private static string? Number(double? value, string format) =>
        value?.ToString(format, CultureInfo.InvariantCulture);

    private static string? Slowed(ThrottleReasons? reasons)
    {
        ThrottleReasons serious = (reasons ?? ThrottleReasons.None) & ~Harmless;
        return serious == ThrottleReasons.None
            ? null
            : "slowed by " + string.Join(" and ", TelemetryChecks.NamesOf(serious));
    }
}
