namespace GpuDecodeBench.Measurement.Comparison;

/// <summary>One run in a history.</summary>
/// <param name="Name">Where the record comes from.</param>
/// <param name="StartedUtc">When it began.</param>
/// <param name="StepSeconds">The median time of a step over the measured layers, in seconds.</param>
/// <param name="TokensPerSecond">Tokens per second of the whole model.</param>
/// <param name="CeilingBytesPerSecond">The read ceiling beside it, in bytes per second; null where there is none.</param>
public sealed record HistoryEntry(
    string Name,
    DateTimeOffset StartedUtc,
    double StepSeconds,
    double TokensPerSecond,
    double? CeilingBytesPerSecond
);
