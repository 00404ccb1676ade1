using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Calibration;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>A step that was not executed, as a calibration of the device predicts it, operation by operation.</summary>
public static class CalibratedTable
{
    /// <summary>The table of a prediction.</summary>
    /// <param name="prediction">The prediction.</param>
    /// <param name="explain">Whether the captions derive it, from the calibration's parameters on.</param>
    public static ResultTable From(CalibratedPrediction prediction, bool explain = false)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        return new TableSchema<CalibratedOperation>()
            .Conditions(prediction.Plan, prediction.Hardware)
            .Words("Operation", "operation", row => ResultCell.Of(row.Name))
            .Words("Kind", "kind", row => ResultCell.Of(row.Class.Kind), drop: 2)
            .Words(
                "Format",
                "format",
                row => ResultCell.Of(row.Class.Format ?? ResultCell.Dash, row.Class.Format ?? ""),
                drop: 1
            )
            .Number("Count", null, "count", row => ResultCell.Of(row.Count), drop: 1)
            .Number("Calibrated", "µs", "calibratedSeconds", row => Microseconds(row.Seconds))
            .Number("Bounds", "± µs", "halfWidthSeconds", row => Microseconds(row.HalfWidthSeconds))
            .Number(
                "Share",
                "%",
                "shareOfStep",
                row => ResultCell.Of(row.Seconds / prediction.Step.Seconds, Quantity.Percent)
            )
            .Words("Known", "known", row => ResultCell.Of(Known(row)))
            .Build(
                $"Calibrated decode of {prediction.Plan.Model.Name} on {prediction.Hardware.Device} (this step was not executed)",
                prediction.Step.Operations,
                [.. Captions(prediction), .. explain ? Derivation(prediction) : []]
            );
    }

    /// <summary>For example <c>int4 weights, bf16 KV, batch 8, context 3000</c>.</summary>
    internal static string Name(CalibratedPrediction prediction)
    {
        StepConditions step = prediction.Plan.Conditions;
        return $"{step.Formats.Weights.Name()} weights, {step.Formats.Kv.Name()} KV, batch {step.Batch}, context {step.ContextTokens.Max()}";
    }

    private static string Known(CalibratedOperation row) =>
        row.StandIn is OperationClass other ? $"as {other}"
        : row.IsOutside ? "beyond"
        : row.HalfWidthSeconds > 0 ? "between"
        : "measured";

    private static IEnumerable<string> Captions(CalibratedPrediction prediction)
    {
        StepConditions step = prediction.Plan.Conditions;
        yield return $"Conditions: {prediction.Plan.Model.Name}, {step.Formats.Weights.Name()} weights, {step.Formats.LmHead.Name()} LM head, "
            + $"{step.Formats.Kv.Name()} KV; context {step.ContextTokens.Max()}; batch {step.Batch} at 100 % utilisation; {prediction.Hardware}.";
        string depth = prediction.Plan.IsFullDepth
            ? ""
            : $" of {prediction.Plan.Layers} of {prediction.Plan.Model.Layers.Length} layers";
        yield return $"Step{depth}: {Quantity.Seconds(prediction.Step.Seconds)} ± {Quantity.Percent(prediction.Error.Fraction)} % "
            + $"({prediction.Error.Describe()}), the median. Mean step: {Quantity.Seconds(prediction.MeanStepSeconds)}, "
            + $"{SignificantDigits.Format(prediction.Report.MeanStep.Ratio, 4)} times that as in the measured points; "
            + $"{Quantity.Digits(prediction.TokensPerSecond)} tokens/s{(depth.Length == 0 ? "" : " at that depth")} ± {Quantity.Percent(prediction.RateErrorFraction)} %, "
            + $"{Quantity.Digits(prediction.TokensPerSecondPerUser)} for each sequence.";
        if (prediction.Roofline is RooflineTime roofline)
        {
            yield return $"The roofline of the measured ceilings allows {Quantity.Seconds(roofline.Seconds)}.";
        }

        yield return $"Between operations: {Quantity.Seconds(prediction.Step.GapSeconds)} in all.";
        yield return "Known: measured, at an arithmetic intensity that was measured; between or beyond those that were, within the bounds shown; "
            + "as another class where its own was not measured.";
        string memory = prediction.Fits switch
        {
            true =>
                $"Memory: {Quantity.BinaryBytes(prediction.NeededBytes)} of the usable {Quantity.BinaryBytes(prediction.UsableMemoryBytes!.Value)} "
                    + $"(of {Quantity.BinaryBytes(prediction.DeviceMemoryBytes!.Value)}).",
            false => $"DOES NOT FIT: the step needs {Quantity.BinaryBytes(prediction.NeededBytes)} and the device has "
                + $"{Quantity.BinaryBytes(prediction.DeviceMemoryBytes!.Value)}, of which {Quantity.BinaryBytes(prediction.UsableMemoryBytes!.Value)} are usable.",
            null => $"Memory: {Quantity.BinaryBytes(prediction.NeededBytes)} needed; the device's memory is not known.",
        };
        yield return memory + LayerWords.Held(prediction.Plan);
        yield return $"Provenance: {CostProvenance.Describe(prediction.Provenance)}. {CalibrationTable.ErrorSentence(prediction.Report)}";
        foreach (string line in CalibrationTable.LeftOut(prediction.Report))
        {
            yield return line;
        }
    }

    private static IEnumerable<string> Derivation(CalibratedPrediction prediction)
    {
        int number = 0;
        foreach (DerivationLine line in prediction.Explain())
        {
            yield return line.Formula is null ? $"  given  {line}" : $"  ({++number})  {line}";
        }
    }

    private static ResultCell Microseconds(double seconds) =>
        ResultCell.Of(seconds, value => Quantity.Digits(value * 1e6));
}
