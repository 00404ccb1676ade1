using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Calibration;

/// <summary>An operation of a step as the calibration sees it: all its executions in one step together.</summary>
internal sealed record CalibrationOperation
{
    /// <summary>The operation's name.</summary>
    public required string Name { get; init; }

    /// <summary>What is expected to run at one rate.</summary>
    public required OperationClass Class { get; init; }

    /// <summary>Executions in one step.</summary>
    public required int Count { get; init; }

    /// <summary>Bytes of weights or KV that it must read from memory; 0 where its class does not stream.</summary>
    public required double StreamedBytes { get; init; }

    /// <summary>All other bytes that it reads and writes: activations, indices, and what caches hold.</summary>
    public required double OtherBytes { get; init; }

    /// <summary>Floating-point operations.</summary>
    public required double Flops { get; init; }

    /// <summary>The measured time of all executions, in seconds; null where it was not timed.</summary>
    public double? MeasuredSeconds { get; init; }

    /// <summary>Floating-point operations for each streamed byte.</summary>
    public double Intensity => StreamedBytes > 0 ? Flops / StreamedBytes : 0;

    /// <summary>A measured operation.</summary>
    public static CalibrationOperation Of(OperationRecord operation, PointRecord point)
    {
        var kind = OperationClass.Of(operation, point);
        bool timed = point.OperationsSecondsOverStep is not null;
        return Create(
            operation.Name,
            kind,
            operation.Count,
            operation.WeightReadBytes,
            operation.KvReadBytes,
            (double)operation.ReadBytes + operation.WriteBytes,
            operation.Flops,
            timed ? operation.Seconds : null
        );
    }

    /// <summary>The operations of a plan that has not run, those of one name together.</summary>
    public static IReadOnlyList<CalibrationOperation> Of(DecodeStepPlan plan) =>
        [
            .. plan
                .Operations.GroupBy(operation =>
                    (operation.Name, OperationClass.Of(operation, plan.Conditions.Formats))
                )
                .Select(group =>
                {
                    StepTotals totals = StepTotals.Of(group);
                    return Create(
                        group.Key.Name,
                        group.Key.Item2,
                        group.Count(),
                        totals.WeightReadBytes,
                        totals.KvReadBytes,
                        (double)totals.ReadBytes + totals.WriteBytes,
                        totals.Flops,
                        null
                    );
                }),
        ];

    private static CalibrationOperation Create(
        string name,
        OperationClass kind,
        int count,
        double weightBytes,
        double kvBytes,
        double touchedBytes,
        double flops,
        double? seconds
    )
    {
        double streamed =
            kind.StreamsKv ? kvBytes
            : kind.Streams ? weightBytes
            : 0;
        return new CalibrationOperation
        {
            Name = name,
            Class = kind,
            Count = count,
            StreamedBytes = streamed,
            OtherBytes = touchedBytes - streamed,
            Flops = flops,
            MeasuredSeconds = seconds,
        };
    }
}
