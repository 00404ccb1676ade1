namespace GpuDecodeBench.Backends;

/// <summary>What a device found by trying, and how long it took.</summary>
/// <param name="Entries">Shapes that were tried, or whose choice an earlier run found, in the order in which they came.</param>
/// <param name="Seconds">Time that was spent on trying.</param>
/// <param name="EndedByLimit">Whether the limit left something untried.</param>
/// <param name="Ignored">Entries of an earlier run that the device cannot use: no way that it knows for that shape.</param>
public sealed record TuningReport(
    IReadOnlyList<TuningEntry> Entries,
    double Seconds,
    bool EndedByLimit,
    IReadOnlyList<TuningEntry> Ignored
);
