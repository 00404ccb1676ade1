using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting;

/// <summary>
/// The parts of a point's step: those of the whole model's step where they are known, else those of the layers that were measured.
/// Where fewer layers were measured, what a step does once keeps its time, and what it does in each layer takes it for all layers.
/// </summary>
internal sealed class StepParts
{
    /// <summary>How far the layers' growth may be from that of like layers: rounding, and no more.</summary>
    private const double GrowthTolerance = 0.01;

    private StepParts(PointRecord point, IReadOnlyList<StepPart> parts, bool isWhole)
    {
        Parts = parts;
        bool isPartial = point.LayersMeasured < point.LayersTotal;
        StepSeconds = isWhole ? point.FullStepSeconds : point.StepSeconds.Median;
        Note =
            !isPartial ? ""
            : isWhole ? $" ({PointText.Depth(point)})"
            : PointText.LayersNote(point);
    }

    /// <summary>The operations that were timed, in the record's order; empty where none was.</summary>
    public IReadOnlyList<StepPart> Parts { get; }

    /// <summary>The step that they are parts of, in seconds.</summary>
    public double StepSeconds { get; }

    /// <summary>What to say behind figures of the parts: that they are extrapolated, or are of the layers measured; empty for a whole step.</summary>
    public string Note { get; }

    /// <summary>The parts of a point's step.</summary>
    public static StepParts Of(RunRecord record, PointRecord point)
    {
        OperationComparison[] timed =
        [
            .. RooflineComparison
                .Of(record, point)
                .Operations.Where(operation => operation.MeasuredSeconds is not null),
        ];
        double? growth = Growth(point);
        double step = growth is null ? point.StepSeconds.Median : point.FullStepSeconds;
        return new StepParts(
            point,
            [
                .. timed.Select(operation =>
                {
                    double times = growth is double all && !IsOutside(operation.Name, operation.Count) ? all : 1;
                    double seconds = operation.MeasuredSeconds!.Value * times;
                    return new StepPart(operation.Name, seconds, operation.PredictedSeconds * times, seconds / step)
                    {
                        MeasuredOverPredicted = operation.MeasuredOverPredicted,
                    };
                }),
            ],
            growth is not null
        );
    }

    /// <summary>
    /// How many times as long all layers take as those measured; null where one number cannot say it of every operation: layers
    /// differ in what they do, or the whole step was estimated by unlike layers' own times.
    /// </summary>
    private static double? Growth(PointRecord point)
    {
        if (point.LayersMeasured == point.LayersTotal)
        {
            return 1;
        }

        bool isLike = point.Operations.All(operation =>
            IsOutside(operation.Name, operation.Count) || operation.Count % point.LayersMeasured == 0
        );
        if (!isLike || point.Warnings.Contains("layersNotRepresentative"))
        {
            return null;
        }

        // What is not known was next to nothing to the clock, so the whole step's estimate holds it as part of the layers, too.
        double outside = point
            .Operations.Where(operation => IsOutside(operation.Name, operation.Count))
            .Sum(operation => operation.Seconds ?? 0);
        double growth = (double)point.LayersTotal / point.LayersMeasured;
        double estimated = (point.FullStepSeconds - outside) / (point.StepSeconds.Median - outside);
        return Math.Abs((estimated / growth) - 1) < GrowthTolerance ? growth : null;
    }

    /// <summary>Whether a step does the operation once, before or behind all layers. With one layer measured the count does not tell.</summary>
    private static bool IsOutside(string name, int count) =>
        count == 1 && name is ("embedding" or "final_norm" or "lm_head" or "logit_soft_cap" or "argmax");
}
