using GpuDecodeBench.Measurement.Statistics;

namespace GpuDecodeBench.Measurement.Comparison;

/// <summary>One configuration on one device over many runs.</summary>
/// <param name="Conditions">The configuration.</param>
/// <param name="Hardware">The device, in words.</param>
/// <param name="LayersMeasured">Layers measured in every run.</param>
/// <param name="LayersTotal">Layers of the whole model.</param>
/// <param name="Entries">The runs with a valid point, in the order of time.</param>
/// <param name="InvalidRuns">Runs whose point is invalid and left out.</param>
/// <param name="Trend">The trend of the logarithm of the step's time over days; null where there is none to be drawn.</param>
/// <param name="Jumps">The jumps, in the order of time.</param>
/// <param name="Finding">What it shows.</param>
public sealed record HistoryLine(
    ComparedConditions Conditions,
    string Hardware,
    int LayersMeasured,
    int LayersTotal,
    IReadOnlyList<HistoryEntry> Entries,
    int InvalidRuns,
    TheilSenTrend? Trend,
    IReadOnlyList<HistoryJump> Jumps,
    HistoryFinding Finding
)
{
    /// <summary>From the first run to the last, in days.</summary>
    public double Days => Entries.Count == 0 ? 0 : (Entries[^1].StartedUtc - Entries[0].StartedUtc).TotalDays;

    /// <summary>The trend as a ratio of the last day's time to the first's; null without a trend.</summary>
    public double? TrendRatio => Trend is null ? null : Math.Exp(Trend.Slope * Days);

    /// <summary>The lower end of its 95 % interval; null where the runs are too few for one.</summary>
    public double? TrendRatioCi95Low => Trend?.Ci95Low is double low ? Math.Exp(low * Days) : null;

    /// <summary>The upper end of its 95 % interval; null where the runs are too few for one.</summary>
    public double? TrendRatioCi95High => Trend?.Ci95High is double high ? Math.Exp(high * Days) : null;
}
