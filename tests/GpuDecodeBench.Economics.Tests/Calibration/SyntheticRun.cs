using GpuDecodeBench.Economics.Calibration;
using GpuDecodeBench.Records;
using GpuDecodeBench.Tests;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Tests.Calibration;

/// <summary>
/// Records of a device whose law is known. An operation takes 2 µs an execution, 0.5 ns a byte of activations, and for each streamed
/// byte what <see cref="SecondsPerByte"/> says; between operations of a step there is 1 µs.
/// </summary>
internal static class SyntheticRun
{
    public const double OverheadSeconds = 2e-6;
    public const double SecondsPerOtherByte = 0.5e-9;
    public const double GapSeconds = 1e-6;

    /// <summary>40 GB/s and 200 GFLOP/s together: 1 / 40e9 + intensity / 200e9 seconds for each byte; int4 takes twice the arithmetic.</summary>
    public static double SecondsPerByte(OperationClass kind, double intensity) =>
        (1 / 40e9) + (intensity * (kind.Format == "int4" ? 2 : 1) / 200e9);

    public static RunRecord Record(
        string model,
        int layers,
        IEnumerable<WeightFormat> weights,
        IEnumerable<int> batches,
        IEnumerable<int> contexts
    ) =>
        RecordBuilder.Cpu([
            .. from context in contexts
            from batch in batches
            from format in weights
            select Point(Plan(model, format, batch, context, layers)),
        ]) with
        {
            Model = RecordBuilder.Model(model),
        };

    public static DecodeStepPlan Plan(string model, WeightFormat weights, int batch, int context, int? layers) =>
        DecodeStepPlan.Create(
            ModelCatalogue.Find(model),
            StepConditions.Uniform(
                new StepFormats
                {
                    Weights = weights,
                    LmHead = StepFormats.DefaultLmHead(weights),
                    Kv = KvFormat.Bf16,
                    Activations = ActivationFormat.Fp32,
                },
                batch,
                context
            ),
            layers
        );

    /// <summary>The time of a step by the law.</summary>
    public static double StepSeconds(DecodeStepPlan plan) =>
        CalibrationOperation.Of(plan).Sum(operation => Seconds(operation) + (operation.Count * GapSeconds));

    /// <summary>The same point with every one of its times longer by a factor.</summary>
    public static PointRecord Slower(PointRecord point, double factor) =>
        point with
        {
            StepSeconds = point.StepSeconds with
            {
                Median = point.StepSeconds.Median * factor,
                Mean = point.StepSeconds.Mean * factor,
                Ci95Low = point.StepSeconds.Ci95Low * factor,
                Ci95High = point.StepSeconds.Ci95High * factor,
            },
            Operations = [.. point.Operations.Select(each => each with { Seconds = each.Seconds * factor })],
        };

    private static double Seconds(CalibrationOperation operation) =>
        (operation.Count * OverheadSeconds)
        + (operation.OtherBytes * SecondsPerOtherByte)
        + (
            operation.StreamedBytes > 0
                ? operation.StreamedBytes * SecondsPerByte(operation.Class, operation.Intensity)
                : 0
        );

    private static PointRecord Point(DecodeStepPlan plan)
    {
        double step = StepSeconds(plan);
        StepConditions conditions = plan.Conditions;
        Dictionary<string, double> seconds = CalibrationOperation
            .Of(plan)
            .ToDictionary(operation => operation.Name, Seconds, StringComparer.Ordinal);
        PointRecord point = RecordBuilder.Point(
            conditions.Formats.Weights.Name(),
            conditions.Formats.Kv.Name(),
            conditions.Batch,
            conditions.ContextTokens[0],
            step
        );
        return point with
        {
            LmHead = conditions.Formats.LmHead.Name(),
            LayersMeasured = plan.Layers,
            LayersTotal = plan.Model.Layers.Length,
            OperationsSecondsOverStep = seconds.Values.Sum() / step,
            Operations =
            [
                .. plan
                    .Operations.GroupBy(operation => operation.Name)
                    .Select(group => Operation(group.Key, [.. group], seconds[group.Key])),
            ],
        };
    }

    private static OperationRecord Operation(string name, PlanOperation[] group, double seconds)
    {
        StepTotals totals = StepTotals.Of(group);
        string kind = group[0].Kind.ToString();
        return new OperationRecord
        {
            Name = name,
            Kind = char.ToLowerInvariant(kind[0]) + kind[1..],
            Count = group.Length,
            Seconds = seconds,
            ReadBytes = totals.ReadBytes,
            WriteBytes = totals.WriteBytes,
            WeightReadBytes = totals.WeightReadBytes,
            KvReadBytes = totals.KvReadBytes,
            Flops = totals.Flops,
        };
    }
}
