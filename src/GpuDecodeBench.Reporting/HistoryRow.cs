namespace GpuDecodeBench.Reporting;

/// <summary>One configuration on one device over many runs.</summary>
public sealed record HistoryRow
{
    /// <summary>The device, in words.</summary>
    public required string Hardware { get; init; }

    /// <summary>The model.</summary>
    public required string Model { get; init; }

    /// <summary>The weight format.</summary>
    public required string Weights { get; init; }

    /// <summary>The KV format.</summary>
    public required string Kv { get; init; }

    /// <summary>Sequences decoded together.</summary>
    public required int Batch { get; init; }

    /// <summary>Tokens of context of each sequence.</summary>
    public required int Context { get; init; }

    /// <summary>Layers measured.</summary>
    public required int LayersMeasured { get; init; }

    /// <summary>Layers of the whole model.</summary>
    public required int LayersTotal { get; init; }

    /// <summary>When each run began, in the order of time.</summary>
    public required IReadOnlyList<DateTimeOffset> StartedUtc { get; init; }

    /// <summary>The median step of each run, in seconds.</summary>
    public required IReadOnlyList<double> StepSeconds { get; init; }

    /// <summary>Runs that were left out because the point is invalid.</summary>
    public required int InvalidRuns { get; init; }

    /// <summary>From the first run to the last, in days.</summary>
    public required double Days { get; init; }

    /// <summary>The trend as a ratio of the last run's time to the first's; null without one.</summary>
    public RatioText? Trend { get; init; }

    /// <summary>The jumps in words, with what they are at an equal read ceiling.</summary>
    public required IReadOnlyList<string> Jumps { get; init; }

    /// <summary><c>tooFewRuns</c>, <c>nothingShown</c>, <c>drift</c> or <c>jump</c>.</summary>
    public required string Finding { get; init; }
}
