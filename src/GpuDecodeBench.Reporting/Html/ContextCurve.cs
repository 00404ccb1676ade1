using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Reporting.Html;

/// <summary>
/// How many times as much a token costs at another context: the same hour makes tokens in proportion to the inverse of the step's time.
/// Measured points are ratios of their times; the curve is the ratio of roofline times, by the plan's bytes and FLOPs and the run's
/// ceilings, and so predicted.
/// </summary>
internal sealed class ContextCurve
{
    private const int ShortestContext = 512;

    private ContextCurve(
        PointRecord start,
        IReadOnlyList<PointRecord> measured,
        IReadOnlyList<(int, double)> predicted,
        string? whyNot
    )
    {
        Start = start;
        Measured = measured;
        Predicted = predicted;
        WhyNotPredicted = whyNot;
    }

    /// <summary>The point whose cost is 1: the shortest measured context of its formats and batch.</summary>
    public PointRecord Start { get; }

    /// <summary>The points that differ in context alone, the shortest first.</summary>
    public IReadOnlyList<PointRecord> Measured { get; }

    /// <summary>Contexts with the predicted multiple; empty where nothing can be predicted.</summary>
    public IReadOnlyList<(int Context, double Multiple)> Predicted { get; }

    /// <summary>Why nothing is predicted; null where something is.</summary>
    public string? WhyNotPredicted { get; }

    /// <summary>The measured multiple of a point.</summary>
    public double MultipleOf(PointRecord point) => point.FullStepSeconds / Start.FullStepSeconds;

    /// <summary>The curve of a point's formats and batch, over the points that may be priced.</summary>
    public static ContextCurve Of(RunRecord record, IReadOnlyList<PointRecord> priced, PointRecord point)
    {
        PointRecord[] measured =
        [
            .. priced
                .Where(other =>
                    (other.Weights, other.LmHead, other.Kv, other.Batch, other.TensorParallel)
                    == (point.Weights, point.LmHead, point.Kv, point.Batch, point.TensorParallel)
                )
                .OrderBy(other => other.Context),
        ];
        PointRecord start = measured[0];
        ModelShape? shape = ModelCatalogue.All.FirstOrDefault(model => model.Name == record.Model.Name);
        double? read = Roofs.Possible(start.ReadCeilingBytesPerSecond ?? record.Ceilings.ReadBytesPerSecond.Value);
        if (shape is null || read is null)
        {
            string why = shape is null ? $"{record.Model.Name} is not in the catalogue" : "there is no read ceiling";
            return new ContextCurve(start, measured, [], why);
        }

        try
        {
            return new ContextCurve(
                start,
                measured,
                Predict(
                    record,
                    shape,
                    start,
                    new RooflineCeilings(read.Value, Roofs.Possible(record.Ceilings.FlopsPerSecond.Value))
                ),
                null
            );
        }
        catch (InputException exception)
        {
            return new ContextCurve(start, measured, [], exception.Message);
        }
    }

    private static List<(int, double)> Predict(
        RunRecord record,
        ModelShape shape,
        PointRecord start,
        RooflineCeilings ceilings
    )
    {
        double one = Roofline.Of(Plan(shape, start, start.Context), ceilings).Seconds;
        List<(int, double)> curve = [];
        foreach (int context in Contexts(start.Context, record.Model.MaxContextTokens))
        {
            DecodeStepPlan plan = Plan(shape, start, context);
            if (
                record.Device.MemoryBytes is long memory
                && context != start.Context
                && plan.Memory.TotalBytes
                    > UsableMemory.Bytes(memory, UsableMemory.Assumed(record.Device.Specification?.Name))
            )
            {
                break;
            }

            curve.Add((context, Roofline.Of(plan, ceilings).Seconds / one));
        }

        return curve;
    }

    private static SortedSet<int> Contexts(int measured, int longest)
    {
        SortedSet<int> contexts = [measured];
        for (int context = ShortestContext; context <= longest; context *= 2)
        {
            contexts.Add(context);
            // Half-way ones smooth the curve.
            if (context + (context / 2) <= longest)
            {
                contexts.Add(context + (context / 2));
            }
        }

        return contexts;
    }

    private static DecodeStepPlan Plan(ModelShape shape, PointRecord point, int context)
    {
        if (
            !FormatNames.TryParseWeightFormat(point.Weights, out WeightFormat weights)
            || !FormatNames.TryParseWeightFormat(point.LmHead, out WeightFormat head)
            || !FormatNames.TryParseKvFormat(point.Kv, out KvFormat kv)
        )
        {
            throw new InputException($"the formats {point.Weights}, {point.LmHead} or {point.Kv} are not known here");
        }

        return DecodeStepPlan.Create(
            shape,
            StepConditions.Uniform(
                new StepFormats
                {
                    Weights = weights,
                    LmHead = head,
                    Kv = kv,
                    Activations = ActivationFormat.Bf16,
                },
                point.Batch,
                context,
                point.TensorParallel
            )
        );
    }
}
