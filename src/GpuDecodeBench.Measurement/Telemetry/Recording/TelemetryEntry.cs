namespace GpuDecodeBench.Measurement.Telemetry.Recording;

/// <summary>
/// One or more samples that follow each other. What matters of those that were merged away is kept: the energy under them, their
/// peaks, and every reason for lowered clocks.
/// </summary>
public readonly record struct TelemetryEntry
{
    /// <summary>The last of the samples.</summary>
    public required TelemetrySample Sample { get; init; }

    /// <summary>How many samples it stands for.</summary>
    public required int Samples { get; init; }

    /// <summary>
    /// Energy since the entry before by trapezoids through the power readings as they came, in joules; null where readings were
    /// missing. It adds up: the sum over entries does not depend on what was merged.
    /// </summary>
    public double? PowerJoules { get; init; }

    /// <summary>The time that <see cref="PowerJoules"/> is over, in seconds.</summary>
    public double PowerSeconds { get; init; }

    /// <summary>The highest power, in watts.</summary>
    public double? PeakWatts { get; init; }

    /// <summary>The lowest clock of the cores, in Hz.</summary>
    public double? LowestCoreClockHz { get; init; }

    /// <summary>The highest temperature, in °C.</summary>
    public double? HighestTemperatureCelsius { get; init; }

    /// <summary>All reasons for lowered clocks that any of the samples had.</summary>
    public ThrottleReasons AllThrottleReasons { get; init; }

    /// <summary>The power of a sample for peaks and time lines: the sensor's shortest window, where there is one.</summary>
    public static double? WattsOf(in TelemetrySample sample) => sample.PowerInstantWatts ?? sample.PowerAverageWatts;

    /// <summary>The entry of one sample.</summary>
    /// <param name="sample">The sample.</param>
    /// <param name="before">The sample before it; null for the first.</param>
    public static TelemetryEntry Of(in TelemetrySample sample, TelemetrySample? before)
    {
        double elapsed = before is TelemetrySample earlier ? sample.Seconds - earlier.Seconds : 0;
        double? watts = WattsOf(sample);
        double? wattsBefore = before is TelemetrySample last ? WattsOf(last) : null;
        double? joules = (watts + wattsBefore) / 2 * elapsed;
        return new TelemetryEntry
        {
            Sample = sample,
            Samples = 1,
            PowerJoules = joules,
            PowerSeconds = joules is null ? 0 : elapsed,
            PeakWatts = watts,
            LowestCoreClockHz = sample.CoreClockHz,
            HighestTemperatureCelsius = sample.TemperatureCelsius,
            AllThrottleReasons = sample.ThrottleReasons ?? ThrottleReasons.None,
        };
    }

    /// <summary>The entry of two that follow each other.</summary>
    public static TelemetryEntry Merge(in TelemetryEntry first, in TelemetryEntry second) =>
        new()
        {
            Sample = second.Sample,
            Samples = first.Samples + second.Samples,
            PowerJoules =
                first.PowerJoules is null ? second.PowerJoules
                : second.PowerJoules is null ? first.PowerJoules
                : first.PowerJoules + second.PowerJoules,
            PowerSeconds = first.PowerSeconds + second.PowerSeconds,
            PeakWatts = Extreme(first.PeakWatts, second.PeakWatts, Math.Max),
            LowestCoreClockHz = Extreme(first.LowestCoreClockHz, second.LowestCoreClockHz, Math.Min),
            HighestTemperatureCelsius = Extreme(
                first.HighestTemperatureCelsius,
                second.HighestTemperatureCelsius,
                Math.Max
            ),
            AllThrottleReasons = first.AllThrottleReasons | second.AllThrottleReasons,
        };

    /// <summary>As many entries as are wanted, or fewer, by merging neighbours.</summary>
    /// <param name="entries">The entries, in order.</param>
    /// <param name="most">The most that are wanted; at least 1.</param>
    public static IReadOnlyList<TelemetryEntry> Thin(IReadOnlyList<TelemetryEntry> entries, int most)
    {
        ArgumentNullException.ThrowIfNull(entries);
        ArgumentOutOfRangeException.ThrowIfLessThan(most, 1);
        int together = (entries.Count + most - 1) / most;
        if (together <= 1)
        {
            return entries;
        }

        return [.. entries.Chunk(together).Select(chunk => chunk.Aggregate((first, second) => Merge(first, second)))];
    }

    private static double? Extreme(double? first, double? second, Func<double, double, double> choose) =>
        first is double one && second is double other ? choose(one, other) : first ?? second;
}
