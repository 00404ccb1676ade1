using GpuDecodeBench.Measurement.Statistics;

namespace GpuDecodeBench.Measurement.Comparison;

/// <summary>Points of one side beside those of the baseline. Ratios are of times, this side over the baseline: above 1 is slower.</summary>
public sealed record PointComparison
{
    /// <summary>What the baseline is called.</summary>
    public required string Baseline { get; init; }

    /// <summary>What this side is called.</summary>
    public required string Against { get; init; }

    /// <summary>The conditions of the baseline.</summary>
    public required ComparedConditions BaselineConditions { get; init; }

    /// <summary>The conditions of this side; the baseline's own where nothing else was asked for.</summary>
    public required ComparedConditions Conditions { get; init; }

    /// <summary>The median time of a step over the measured layers in the baseline, in seconds; of several runs the middle one.</summary>
    public required double BaselineStepSeconds { get; init; }

    /// <summary>The same of this side.</summary>
    public required double StepSeconds { get; init; }

    /// <summary>Tokens per second of the whole model in the baseline.</summary>
    public required double BaselineTokensPerSecond { get; init; }

    /// <summary>The same of this side.</summary>
    public required double TokensPerSecond { get; init; }

    /// <summary>Runs of the baseline.</summary>
    public required int BaselineRuns { get; init; }

    /// <summary>Runs of this side.</summary>
    public required int Runs { get; init; }

    /// <summary>Samples of the baseline and what they are worth in independent ones; null where runs are compared rather than samples.</summary>
    public (int Samples, int Effective)? BaselineSamples { get; init; }

    /// <summary>The same of this side.</summary>
    public (int Samples, int Effective)? Samples { get; init; }

    /// <summary>The codes of what the baseline's points warn of.</summary>
    public IReadOnlyList<string> BaselineWarnings { get; init; } = [];

    /// <summary>The same of this side.</summary>
    public IReadOnlyList<string> Warnings { get; init; } = [];

    /// <summary>Layers measured on both sides; null where they differ.</summary>
    public int? LayersMeasured { get; init; }

    /// <summary>Layers of the whole model.</summary>
    public required int LayersTotal { get; init; }

    /// <summary>The ratio of the step's times; null where they cannot be compared.</summary>
    public RatioInterval? StepRatio { get; init; }

    /// <summary>
    /// The ratio of the whole model's mean steps, over which tokens per second and costs are: above 1 a token costs more; null where they
    /// cannot be compared.
    /// </summary>
    public RatioInterval? MeanRatio { get; init; }

    /// <summary>The ratio of the read ceilings beside them; null where one is not known.</summary>
    public double? CeilingRatio { get; init; }

    /// <summary>
    /// The ratio of the times as they would be with one read ceiling, that is, of times multiplied by ceilings; null where there is no
    /// ceiling, or memory is not the bound.
    /// </summary>
    public RatioInterval? RatioAtEqualCeiling { get; init; }

    /// <summary>The verdict.</summary>
    public required ComparisonVerdict Verdict { get; init; }

    /// <summary>Why it is no other.</summary>
    public required IReadOnlyList<ComparisonReason> Reasons { get; init; }

    /// <summary>Intervals that a difference must show in.</summary>
    public required IReadOnlyList<RatioInterval> Decisive { get; init; }

    /// <summary>
    /// The ratios of mean steps by the yardsticks of <see cref="Decisive"/>: as far beside each of these as the mean steps' own ratio is
    /// beside that of the median steps.
    /// </summary>
    public IReadOnlyList<RatioInterval> DecisiveMeans =>
        StepRatio is RatioInterval step && MeanRatio is RatioInterval mean
            ? [.. Decisive.Select(interval => mean.Beside(step, interval))]
            : [];

    /// <summary>The ratio of tokens per second, this side over the baseline.</summary>
    public double TokensPerSecondRatio => TokensPerSecond / BaselineTokensPerSecond;

    /// <summary>
    /// Whether a difference could have shown: the two are comparable, their samples steady, and every ratio that decides has an interval.
    /// </summary>
    public bool IsJudged =>
        Verdict != ComparisonVerdict.NotComparable
        && Reasons.All(reason => reason.Code != ComparisonReasonCodes.Unsteady)
        && Decisive.Count > 0
        && Decisive.All(interval => interval.Ci95Low is not null);

    /// <summary>Whether the median step is slower by more than a share beyond doubt: every decisive interval lies above it.</summary>
    /// <param name="fraction">For example 0.05 for 5 %.</param>
    public bool IsSlowerBeyond(double fraction) =>
        IsJudged && Decisive.All(interval => interval.Ci95Low > 1 + fraction);

    /// <summary>
    /// Whether the mean step is, over which tokens per second and costs are: every one of <see cref="DecisiveMeans"/> lies above it.
    /// </summary>
    /// <param name="fraction">For example 0.05 for 5 %.</param>
    public bool IsMeanSlowerBeyond(double fraction) =>
        IsJudged && DecisiveMeans.Count > 0 && DecisiveMeans.All(interval => interval.Ci95Low > 1 + fraction);

    /// <summary>Whether the mean step is slower by more than a share, be that beyond doubt or not.</summary>
    /// <param name="fraction">For example 0.05 for 5 %.</param>
    public bool SeemsMeanSlowerBy(double fraction) =>
        DecisiveMeans.Count > 0 && DecisiveMeans.All(interval => interval.Ratio > 1 + fraction);
}
