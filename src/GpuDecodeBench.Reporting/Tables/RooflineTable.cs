using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Calibration;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>Predicted against measured time, operation by operation; or the prediction alone for hardware that was not measured.</summary>
public static class RooflineTable
{
    /// <summary>The table of a measured point.</summary>
    /// <param name="comparison">The point against its roofline.</param>
    /// <param name="calibrated">The point as a calibration predicts it that does not know it; null for none.</param>
    public static ResultTable From(RooflineComparison comparison, LeftOutPoint? calibrated = null)
    {
        ArgumentNullException.ThrowIfNull(comparison);
        PointRecord point = comparison.Point;
        return ComparisonSchema(comparison, calibrated)
            .Build(
                $"Roofline of {comparison.Record.Model.Name} on {comparison.Record.Device.Name}: {PointText.Name(point)}",
                [.. comparison.Operations, comparison.Step],
                [.. ComparisonCaptions(comparison), .. CalibrationCaptions(calibrated)]
            );
    }

    /// <summary>The table of a prediction.</summary>
    /// <param name="prediction">The prediction.</param>
    public static ResultTable From(RooflinePrediction prediction)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        return PredictionSchema(prediction)
            .Build(
                $"Predicted decode of {prediction.Plan.Model.Name} on {prediction.Hardware.Name} (nothing was executed)",
                prediction.Operations,
                PredictionCaptions(prediction)
            );
    }

    private static TableSchema<OperationComparison> ComparisonSchema(
        RooflineComparison comparison,
        LeftOutPoint? calibrated
    )
    {
        PointRecord point = comparison.Point;
        TableSchema<OperationComparison> schema = new TableSchema<OperationComparison>()
            .Conditions(comparison.Record, point)
            .Words("Operation", "operation", row => ResultCell.Of(row.Name))
            .Words("Kind", "kind", row => ResultCell.Of(row.Kind), drop: 4)
            .Number("Count", null, "count", row => ResultCell.Of(row.Count), drop: 3)
            .Number("Measured", "µs", "measuredSeconds", row => Microseconds(row.MeasuredSeconds))
            .Number("Predicted", "µs", "predictedSeconds", row => Microseconds(row.PredictedSeconds));
        if (calibrated is not null)
        {
            schema = schema.Number(
                "Calibrated",
                "µs",
                "calibratedSeconds",
                row => Microseconds(CalibratedSeconds(row, calibrated))
            );
        }

        return schema
            .Number(
                "Measured/",
                "predicted",
                "measuredOverPredicted",
                row => ResultCell.Of(row.MeasuredOverPredicted, Quantity.Digits)
            )
            .Words("Bound", "bound", row => row.Bound is string bound ? ResultCell.Of(bound) : ResultCell.None)
            .Number("Share", "%", "shareOfStep", row => ResultCell.Of(row.ShareOfStep, Quantity.Percent))
            .Number("Bytes", null, "compulsoryReadBytes", row => Bytes(row.CompulsoryReadBytes), drop: 2)
            .Number(
                "Achieved",
                "GB/s",
                "achievedBytesPerSecond",
                row => ResultCell.Of(row.AchievedBytesPerSecond, rate => Quantity.Digits(rate / 1e9)),
                drop: 1
            )
            .Machine("measuredProvenance", row => ResultCell.Of(CostProvenance.NameOf(OriginOf(row))))
            .Machine("valid", _ => ResultCell.Of(point.Valid ? "true" : "false"))
            .Machine("invalidReasons", _ => ResultCell.Of(string.Join(' ', point.InvalidReasons)));
    }

    private static Provenance OriginOf(OperationComparison row) =>
        row.MeasuredSeconds is null ? Provenance.Unavailable
        : row.IsExtrapolated ? Provenance.Extrapolated
        : Provenance.Measured;

    private static double? CalibratedSeconds(OperationComparison row, LeftOutPoint calibrated) =>
        row.Kind == "step"
            ? calibrated.Step?.Seconds
            : calibrated.Step?.Operations.FirstOrDefault(operation => operation.Name == row.Name)?.Seconds;

    private static TableSchema<PredictedOperation> PredictionSchema(RooflinePrediction prediction) =>
        new TableSchema<PredictedOperation>()
            .Conditions(prediction.Plan, HardwareOf(prediction))
            .Words("Operation", "operation", row => ResultCell.Of(row.Name))
            .Words("Kind", "kind", row => ResultCell.Of(row.Kind), drop: 2)
            .Number("Count", null, "count", row => ResultCell.Of(row.Count), drop: 1)
            .Number("Predicted", "µs", "predictedSeconds", row => Microseconds(OfWork(row, row.Seconds)))
            .Words("Bound", "bound", row => ResultCell.Of(row.Bound))
            .Number("Share", "%", "shareOfStep", row => ResultCell.Of(OfWork(row, row.ShareOfStep), Quantity.Percent))
            .Number("Bytes", null, "compulsoryReadBytes", row => Bytes(row.CompulsoryReadBytes))
            .Number(
                "FLOPs",
                "G",
                "flops",
                row => ResultCell.Of(row.Flops, flops => Quantity.Digits(flops / 1e9)),
                drop: 3
            );

    /// <summary>What moves neither weights nor KV and computes nothing (an append to a 16-bit cache) takes time that no roofline predicts.</summary>
    private static double? OfWork(PredictedOperation row, double? figure) => row.Seconds is 0 ? null : figure;

    private static List<string> ComparisonCaptions(RooflineComparison comparison)
    {
        PointRecord point = comparison.Point;
        Figure read = comparison.Record.Ceilings.ReadBytesPerSecond;
        Figure flops = comparison.Record.Ceilings.FlopsPerSecond;
        List<string> lines =
        [
            $"Hardware: {RecordCost.HardwareOf(comparison.Record, point)}; busy all the time (utilisation 100 %).",
            $"Layers: {point.LayersMeasured} of {point.LayersTotal} measured; times are of those layers.",
            $"Ceilings: reading {Quantity.OrDash(comparison.ReadCeilingBytesPerSecond, read.Provenance.Reason, Quantity.Rate)}, "
                + $"arithmetic {Quantity.OrDash(flops.Value, flops.Provenance.Reason, Tera)}.",
            "Bytes are weights and KV read. Bound cache: the operation reads none of them or next to none, so no memory time can be predicted.",
        ];
        lines.AddRange(TimeCaptions(comparison));
        if (point.Warnings.Count > 0)
        {
            lines.Add($"Warning: {ReasonWords.OfAll(point.Warnings)}.");
        }

        if (!point.Valid)
        {
            lines.Add($"INVALID: {ReasonWords.OfAll(point.InvalidReasons)}.");
        }

        return lines;
    }

    /// <summary>What the operations' times leave open.</summary>
    private static IEnumerable<string> TimeCaptions(RooflineComparison comparison)
    {
        if (comparison.RemainderSeconds is not double remainder)
        {
            yield return "Operations were not timed one by one, so their times are not known.";
            yield break;
        }

        string unknown = Names(comparison, operation => operation.MeasuredSeconds is null);
        string extrapolated = Names(comparison, operation => operation.IsExtrapolated);
        string amount = Quantity.Seconds(Math.Abs(remainder));
        string share = $"{Quantity.Percent(Math.Abs(comparison.RemainderShare!.Value))} %";
        yield return remainder < 0
            ? $"The operations, timed one by one, add up to {amount} ({share}) more than the step: apart they take longer than behind one another."
            : $"Unexplained: {amount} of the step ({share}) is in no operation{(unknown.Length > 0 ? " whose time is known" : "")}.";
        if (unknown.Length > 0)
        {
            yield return $"Not known: the times of {unknown}, in which the clock saw no time pass; what they took stands in other "
                + $"operations{(remainder < 0 ? "" : " or in the unexplained")}.";
        }

        if (extrapolated.Length > 0)
        {
            yield return $"Extrapolated: the times of {extrapolated}, from those executions in which the clock saw time pass to the "
                + "others of the same work.";
        }
    }

    private static string Names(RooflineComparison comparison, Func<OperationComparison, bool> which) =>
        string.Join(", ", comparison.Operations.Where(which).Select(operation => operation.Name));

    private static IEnumerable<string> CalibrationCaptions(LeftOutPoint? calibrated) =>
        calibrated switch
        {
            null => [],
            { WhyNot: string reason } => [$"Calibrated: not known, because {reason}."],
            _ =>
            [
                "Calibrated: by what the other points took; neither this point's step nor its operations were used. The step is off by "
                    + $"{CalibrationTable.Signed(calibrated.Error!.Value)} %"
                    + (
                        calibrated.IsInUse
                            ? ""
                            : "; the point itself is too unsteady, or from another state of the machine, to be used"
                    )
                    + (calibrated.SameBatch == 0 ? "; no other point of these weights has its batch." : "."),
            ],
        };

    private static List<string> PredictionCaptions(RooflinePrediction prediction)
    {
        Workload.Plans.StepConditions step = prediction.Plan.Conditions;
        string memory = prediction.Fits switch
        {
            true =>
                $"Memory: {Quantity.BinaryBytes(prediction.NeededBytes)} of the usable {Quantity.BinaryBytes(prediction.UsableMemoryBytes!.Value)} "
                    + $"(of {Quantity.BinaryBytes(prediction.DeviceMemoryBytes!.Value)}) on each device.",
            false => $"DOES NOT FIT: each device needs {Quantity.BinaryBytes(prediction.NeededBytes)} and has "
                + $"{Quantity.BinaryBytes(prediction.DeviceMemoryBytes!.Value)}, of which {Quantity.BinaryBytes(prediction.UsableMemoryBytes!.Value)} are usable; at least {prediction.DevicesNeeded} devices are needed.",
            null => $"Memory: {Quantity.BinaryBytes(prediction.NeededBytes)} needed; the device's memory is not known.",
        };
        memory += LayerWords.Held(prediction.Plan);
        return
        [
            $"Conditions: {step.Formats.Weights.Name()} weights, {step.Formats.LmHead.Name()} LM head, {step.Formats.Kv.Name()} KV; "
                + $"context {step.ContextTokens.Max()}; batch {step.Batch} at 100 % utilisation; "
                + $"{HardwareOf(prediction)}.",
            $"Step: at least {Quantity.Seconds(prediction.StepSeconds)}{Link(prediction)}, bound by {prediction.Step.Bound}; at most "
                + $"{Quantity.Digits(prediction.TokensPerSecond)} tokens/s, {Quantity.Digits(prediction.TokensPerSecondPerUser)} "
                + "for each sequence.",
            .. prediction.LeavesArithmeticOut
                ? (string[])[$"{CostCaptions.ArithmeticIsLeftOut(prediction.Hardware.Name)}."]
                : [],
            memory,
            "Bound cache: reads next to no weights or KV; its time is that of its arithmetic alone."
                + (step.TensorParallel > 1 ? " Bound link: waits for what devices exchange." : ""),
            $"Provenance: {CostProvenance.Describe(prediction.Provenance)}. Real kernels are slower.",
        ];
    }

    private static HardwareUnits HardwareOf(RooflinePrediction prediction) =>
        new(prediction.Hardware.Name, prediction.Plan.Conditions.TensorParallel);

    private static string Link(RooflinePrediction prediction) =>
        prediction.LinkSeconds switch
        {
            null => " without the link between devices, which is not known",
            0 => "",
            double seconds => $", of which {Quantity.Seconds(seconds)} on the link between devices",
        };

    private static ResultCell Microseconds(double? seconds) =>
        ResultCell.Of(seconds, value => Quantity.Digits(value * 1e6));

    private static ResultCell Bytes(long bytes) => ResultCell.Of(bytes, value => Quantity.Bytes(value));

    private static string Tera(double flops) => $"{Quantity.Digits(flops / 1e12)} TFLOP/s";
}
