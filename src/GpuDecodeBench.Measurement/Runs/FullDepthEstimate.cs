using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Measurement.Runs;

/// <summary>The time of the whole model's step, from a step over some of its layers.</summary>
/// <param name="Seconds">The estimate.</param>
/// <param name="MeanSeconds">The mean step, which many steps take together: what a rate of tokens is over.</param>
/// <param name="Ci95LowSeconds">The lower end of its 95 % interval; null where there is none.</param>
/// <param name="Ci95HighSeconds">The upper end of its 95 % interval; null where there is none.</param>
/// <param name="IsExtrapolated">Whether layers were added; false where all were measured.</param>
internal sealed record FullDepthEstimate(
    double Seconds,
    double MeanSeconds,
    double? Ci95LowSeconds,
    double? Ci95HighSeconds,
    bool IsExtrapolated
)
{
    /// <summary>
    /// What lies outside the layers (embedding, final norm, LM head, argmax) takes the time that its operations were measured at; where
    /// the steps whose operations were timed took longer than the median, no more than its share of them. The rest of the step is shared out to the layers by their operations' times, and each layer that was not run takes the
    /// mean of those of its own shape; where none of its shape was run, the time of its compulsory bytes. Where no operation was timed,
    /// compulsory bytes say all of it. What slow steps take beyond the median comes from outside and meets a longer step more often: the mean
    /// is as far above the median as it was measured.
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
                statistics.Mean,
                statistics.Ci95Low,
                statistics.Ci95High,
                IsExtrapolated: false
            );
        }

        double growth = Growth(plan, operationSeconds);
        double outside = OutsideSeconds(plan, statistics.Median, operationSeconds);
        double Extend(double seconds) => outside + (Math.Max(0, seconds - outside) * growth);
        double whole = Extend(statistics.Median);
        return new FullDepthEstimate(
            whole,
            whole * statistics.MeanOverMedian(),
            statistics.Ci95Low is double low ? Extend(low) : null,
            statistics.Ci95High is double high ? Extend(high) : null,
            IsExtrapolated: true
        );
    }

    /// <summary>
    /// The time of what lies outside the layers. Operations are timed in steps of their own. What these took longer than the median would
    /// be taken off the layers, and so be missing in each that was not run: a disturbed minute would make the whole model faster.
    /// </summary>
    private static double OutsideSeconds(DecodeStepPlan plan, double median, IReadOnlyList<double> operationSeconds)
    {
        double timed = operationSeconds.Sum();
        if (timed <= 0)
        {
            return median * OutsideShareOfBytes(plan);
        }

        double outside = plan
            .Operations.Where(operation => operation.Layer is null)
            .Sum(operation => operationSeconds[operation.Index]);
        return timed > median ? outside * (median / timed) : outside;
    }

    /// <summary>The compulsory bytes of what lies outside the layers over those of the whole step that was run.</summary>
    private static double OutsideShareOfBytes(DecodeStepPlan plan) =>
        (double)
            plan.Operations.Where(operation => operation.Layer is null).Sum(operation => operation.CompulsoryReadBytes)
        / plan.Totals.CompulsoryReadBytes;

    /// <summary>The time of all layers over that of those which were run.</summary>
    private static double Growth(DecodeStepPlan plan, IReadOnlyList<double> operationSeconds)
    {
        double[] seconds = new double[plan.Layers];
        foreach (PlanOperation operation in plan.Operations.Where(operation => operation.Layer is not null))
        {
            seconds[operation.Layer!.Value] += operationSeconds[operation.Index];
        }

        long[] bytes = LayerBytes(plan.WithLayers(null));
        double measured = seconds.Sum();
        long measuredBytes = bytes.Take(plan.Layers).Sum();
        if (measured <= 0)
        {
            return (double)bytes.Sum() / measuredBytes;
        }

        Dictionary<LayerShape, double> means = Enumerable
            .Range(0, plan.Layers)
            .GroupBy(layer => plan.Model.Layers[layer], layer => seconds[layer])
            .ToDictionary(group => group.Key, group => group.Average());
        double rest = Enumerable
            .Range(plan.Layers, bytes.Length - plan.Layers)
            .Sum(layer =>
                means.TryGetValue(plan.Model.Layers[layer], out double mean)
                    ? mean
                    : bytes[layer] * (measured / measuredBytes)
            );
        return (measured + rest) / measured;
    }

    private static long[] LayerBytes(DecodeStepPlan plan)
    {
        var bytes = new long[plan.Layers];
        foreach (PlanOperation operation in plan.Operations.Where(operation => operation.Layer is not null))
        {
            bytes[operation.Layer!.Value] += operation.CompulsoryReadBytes;
        }

        return bytes;
    }
}
