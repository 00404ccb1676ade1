using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Measurement.Runs;

/// <summary>The time of the whole model's step, from a step over some of its layers.</summary>
/// <param name="Seconds">The estimate.</param>
/// <param name="Ci95LowSeconds">The lower end of its 95 % interval; null where there is none.</param>
/// <param name="Ci95HighSeconds">The upper end of its 95 % interval; null where there is none.</param>
/// <param name="IsExtrapolated">Whether layers were added; false where all were measured.</param>
internal sealed record FullDepthEstimate(
    double Seconds,
    double? Ci95LowSeconds,
    double? Ci95HighSeconds,
    bool IsExtrapolated
)
{
    /// <summary>
    /// What lies outside the layers (embedding, final norm, LM head, argmax) takes the time that its operations were measured
    /// at; the rest of the step grows with the layers' compulsory bytes.
    /// </summary>
    public static FullDepthEstimate Of(
        DecodeStepPlan plan,
        StepStatistics statistics,
        IReadOnlyList<double> operationSeconds
    )
    {
        if (plan.IsFullDepth)
        {
            return new FullDepthEstimate(
                statistics.Median,
                statistics.Ci95Low,
                statistics.Ci95High,
                IsExtrapolated: false
            );
        }

        DecodeStepPlan whole = plan.WithLayers(null);
        double growth = (double)LayerBytes(whole) / LayerBytes(plan);
        double outside = plan
            .Operations.Where(operation => operation.Layer is null)
            .Sum(operation => operationSeconds[operation.Index]);
        // Operations are timed in steps of their own, which may have been slower than the median.
        outside = Math.Min(outside, statistics.Median);
        double Extend(double seconds) => outside + (Math.Max(0, seconds - outside) * growth);
        return new FullDepthEstimate(
            Extend(statistics.Median),
            statistics.Ci95Low is double low ? Extend(low) : null,
            statistics.Ci95High is double high ? Extend(high) : null,
            IsExtrapolated: true
        );
    }

    private static long LayerBytes(DecodeStepPlan plan) =>
        StepTotals.Of(plan.Operations.Where(operation => operation.Layer is not null)).CompulsoryReadBytes;
}
