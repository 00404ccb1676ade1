namespace GpuDecodeBench.Records;

/// <summary>
/// What tokens per second and costs are over: the mean step, since slow steps are paid for, too. It follows from a point's samples whichever
/// version wrote the record, so every reader takes rates from here. Nothing of this is a field of a record.
/// </summary>
public static class MeanStep
{
    /// <summary>The code of a point whose mean step lies far above its median: <see cref="LargestOverMedian"/>.</summary>
    public const string AboveMedian = "meanAboveMedian";

    /// <summary>How far the mean step may lie above the median before a reader is told, a ratio: a twentieth.</summary>
    public const double LargestOverMedian = 1.05;

    /// <summary>The relative difference that rounding may make between two rates that are one.</summary>
    private const double Rounding = 1e-9;

    private const string RateField = "tokensPerSecond";

    /// <summary>The mean over the median, a ratio; 1 where either is not above zero.</summary>
    /// <param name="step">A step's statistics.</param>
    public static double MeanOverMedian(this StepStatistics step)
    {
        ArgumentNullException.ThrowIfNull(step);
        return step is { Mean: > 0, Median: > 0 } ? step.Mean / step.Median : 1;
    }

    extension(PointRecord point)
    {
        /// <summary>
        /// The mean step of the whole model, in seconds: <see cref="PointRecord.FullStepSeconds"/>, which is of the median, times the mean over
        /// the median of the samples. Not above zero where the record has no step.
        /// </summary>
        public double MeanFullStepSeconds => point.FullStepSeconds * point.StepSeconds.MeanOverMedian();

        /// <summary>
        /// Tokens per second of the whole model, all sequences together: the batch over the mean step, whatever the record's own rate is over.
        /// Where the record has no rate, or no step, its own.
        /// </summary>
        public double TokensPerSecond =>
            HasRate(point) ? point.Batch / point.MeanFullStepSeconds : point.RecordedTokensPerSecond;

        /// <summary>The same for one sequence.</summary>
        public double TokensPerSecondPerUser =>
            HasRate(point) ? 1 / point.MeanFullStepSeconds : point.RecordedTokensPerSecondPerUser;

        /// <summary>
        /// Where the tokens per second come from: what the record says of its own rate, where that is the same; else the samples, beside what
        /// the record says. Without a note by the layers that were measured.
        /// </summary>
        public ProvenanceNote TokensPerSecondProvenance => ProvenanceOf(point);

        /// <summary>
        /// Codes of what a reader should know of the point: those of the record, and <see cref="AboveMedian"/> where it holds and the version
        /// that wrote the record did not look.
        /// </summary>
        public IReadOnlyList<string> Warnings =>
            point.StepSeconds.MeanOverMedian() > LargestOverMedian && !point.RecordedWarnings.Contains(AboveMedian)
                ? [.. point.RecordedWarnings, AboveMedian]
                : point.RecordedWarnings;
    }

    private static bool HasRate(PointRecord point) =>
        double.IsNormal(point.RecordedTokensPerSecond)
        && point.RecordedTokensPerSecond > 0
        && double.IsFinite(point.MeanFullStepSeconds)
        && point.MeanFullStepSeconds > 0
        && point.Provenance.GetValueOrDefault(RateField)?.Kind != Provenance.Unavailable;

    private static ProvenanceNote ProvenanceOf(PointRecord point)
    {
        ProvenanceNote? note = point.Provenance.GetValueOrDefault(RateField);
        string? depth =
            point.LayersMeasured < point.LayersTotal
                ? $"{point.LayersMeasured} of {point.LayersTotal} layers measured"
                : null;
        double own = point.RecordedTokensPerSecond;
        if (Math.Abs(point.TokensPerSecond - own) <= Rounding * Math.Abs(own))
        {
            return note ?? (depth is null ? ProvenanceNote.Measured() : ProvenanceNote.Extrapolated(depth));
        }

        string how = FormattableString.Invariant($"batch over the mean step; the record itself has {own:0.###}");
        return depth is not null ? ProvenanceNote.Extrapolated($"{how}; {depth}")
            : note?.Kind == Provenance.Extrapolated ? ProvenanceNote.Extrapolated(how)
            : ProvenanceNote.Derived(how);
    }
}
