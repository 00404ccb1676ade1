namespace GpuDecodeBench.Measurement.Telemetry.Recording;

/// <summary>
/// Samples in order, in bounded memory. When it is full, pairs of the older half become one entry each, so that what is recent is
/// always as it was sampled, and old times grow coarser without losing energy, peaks or reasons.
/// </summary>
/// <remarks>Rule for time stamps: a sample that is not later than the one before it is dropped and counted.</remarks>
public sealed class TelemetryBuffer
{
    private readonly int _capacity;
    private readonly List<TelemetryEntry> _entries = [];
    private TelemetrySample? _last;

    /// <summary>A buffer.</summary>
    /// <param name="capacity">The most entries that it holds; at least 4.</param>
    public TelemetryBuffer(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 4);
        _capacity = capacity;
    }

    /// <summary>The entries, oldest first.</summary>
    public IReadOnlyList<TelemetryEntry> Entries => _entries;

    /// <summary>Samples that were dropped, because their time was not after that of the one before.</summary>
    public int Dropped { get; private set; }

    /// <summary>Adds a sample.</summary>
    /// <returns>False where it was dropped.</returns>
    public bool Add(in TelemetrySample sample)
    {
        if (!double.IsFinite(sample.Seconds) || (_last is TelemetrySample last && sample.Seconds <= last.Seconds))
        {
            Dropped++;
            return false;
        }

        if (_entries.Count == _capacity)
        {
            MergeOlderHalf();
        }

        _entries.Add(TelemetryEntry.Of(sample, _last));
        _last = sample;
        return true;
    }

    private void MergeOlderHalf()
    {
        int pairs = _capacity / 4;
        for (int i = 0; i < pairs; i++)
        {
            _entries[i] = TelemetryEntry.Merge(_entries[2 * i], _entries[(2 * i) + 1]);
        }

        _entries.RemoveRange(pairs, pairs);
    }
}
