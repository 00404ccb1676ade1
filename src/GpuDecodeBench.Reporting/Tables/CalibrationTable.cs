using System.Globalization;
using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Calibration;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>What a calibration found, and how well it predicts points that it did not know.</summary>
public static class CalibrationTable
{
    private sealed record Row(ClassTimes Times, RateKnot? Knot, RateKnot? Before);

    /// <summary>The parameters: rates by kind, format and arithmetic intensity, and seconds for each execution.</summary>
    /// <param name="report">The calibration.</param>
    public static ResultTable Parameters(CalibrationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        RunRecord record = report.Set.Records[0];
        return new TableSchema<Row>()
            .Words("Kind", "kind", row => ResultCell.Of(row.Times.Class.Kind))
            .Words(
                "Format",
                "format",
                row => ResultCell.Of(row.Times.Class.Format ?? ResultCell.Dash, row.Times.Class.Format ?? "")
            )
            .Words("Batch", "batch", row => row.Knot is null ? ResultCell.None : ResultCell.Of(Batch(row.Knot)))
            .Number("FLOP", "/B", "flopPerByte", row => Number(row.Knot?.Intensity))
            .Number("Rate", "GB/s", "bytesPerSecond", row => Giga(row.Knot?.BytesPerSecond))
            .Number("Arithmetic", "GFLOP/s", "flopsPerSecond", row => Giga(row.Knot?.FlopsPerSecond), drop: 2)
            .Number("More at", "GFLOP/s", "marginalFlopsPerSecond", row => Giga(Marginal(row)), drop: 3)
            .Number(
                "Each run",
                "µs",
                "overheadSeconds",
                row => ResultCell.Of(row.Times.OverheadSeconds, value => Quantity.Digits(value * 1e6))
            )
            .Number(
                "Other",
                "ns/B",
                "secondsPerOtherByte",
                row => ResultCell.Of(row.Times.SecondsPerOtherByte, value => Quantity.Digits(value * 1e9)),
                drop: 1
            )
            .Number("Points", null, "points", row => ResultCell.Of(row.Knot?.Points, value => $"{value}"), drop: 1)
            .Build(
                $"Calibration of {record.Device.Name} ({record.Device.Backend})",
                report.Calibration.Classes.SelectMany(Rows),
                [.. ParameterCaptions(report)]
            );
    }

    /// <summary>Each point as predicted by the roofline, as measured, and as a calibration on all other points predicts it.</summary>
    /// <param name="report">The calibration.</param>
    public static ResultTable LeaveOneOut(CalibrationReport report)
    {
        ArgumentNullException.ThrowIfNull(report);
        return new TableSchema<LeftOutPoint>()
            .Words("Model", "model", row => ResultCell.Of(row.Point.Record.Model.Name), drop: 3)
            .Words("Weights", "weights", row => ResultCell.Of(row.Point.Point.Weights))
            .Words("KV", "kv", row => ResultCell.Of(row.Point.Point.Kv), drop: 4)
            .Number("Batch", null, "batch", row => ResultCell.Of(row.Point.Point.Batch))
            .Number("Context", null, "contextTokens", row => ResultCell.Of(row.Point.Point.Context))
            .Number("Layers", null, "layersMeasured", row => ResultCell.Of(row.Point.Point.LayersMeasured), drop: 2)
            .Number("Predicted", "ms", "rooflineSeconds", row => Milliseconds(row.Point.Point.RooflineSeconds))
            .Number("Measured", "ms", "measuredSeconds", row => Milliseconds(row.Point.StepSeconds))
            .Number("Calibrated", "ms", "calibratedSeconds", row => Milliseconds(row.Step?.Seconds))
            .Number("Error", "%", "error", row => ResultCell.Of(row.Error, Signed))
            .Number("Alike", null, "pointsOfSameWeightsAndBatch", row => ResultCell.Of(row.SameBatch), drop: 1)
            .Build(
                $"Points of {report.Set.Records[0].Device.Name} predicted without themselves",
                report.LeaveOneOut,
                [
                    "Predicted: the roofline. Calibrated: by a calibration on all points but this one, neither its step nor its operations' "
                        + "times among them. Error: calibrated over measured. Alike: other points of the same weights and batch.",
                    ErrorSentence(report),
                    .. LeftOut(report),
                    .. report
                        .LeaveOneOut.Where(point => point.WhyNot is not null)
                        .Select(point =>
                            $"{PointText.Name(point.Point.Point)}: not predicted, because {point.WhyNot}."
                        ),
                ]
            );
    }

    /// <summary>A fraction in percent with its sign and one decimal, for example <c>+1.2</c>.</summary>
    internal static string Signed(double fraction) =>
        (fraction * 100).ToString("+0.0;-0.0;0.0", CultureInfo.InvariantCulture);

    /// <summary>The errors of leave-one-out in a sentence.</summary>
    internal static string ErrorSentence(CalibrationReport report)
    {
        CalibrationErrors errors = report.Errors;
        return errors.MedianFraction is double median
            ? $"Left out one by one, {errors.Count} of {report.Set.Points.Count} points were off by {Quantity.Percent(median)} % at the median, "
                + $"{Quantity.Percent(errors.TypicalFraction!.Value)} % at nine in ten and {Quantity.Percent(errors.WorstFraction!.Value)} % at worst."
            : "No point can be predicted by the others, so nothing shows how far predictions are off.";
    }

    /// <summary>What was left out, in a sentence; none where nothing was.</summary>
    internal static IEnumerable<string> LeftOut(CalibrationReport report) =>
        report.Set.LeftOut.Length == 0 ? [] : [$"Points left out: {report.Set.LeftOut}."];

    private static IEnumerable<Row> Rows(ClassTimes times) =>
        times.Curve is null
            ? [new Row(times, null, null)]
            : times.Curve.Knots.Select((knot, i) => new Row(times, knot, i == 0 ? null : times.Curve.Knots[i - 1]));

    private static IEnumerable<string> ParameterCaptions(CalibrationReport report)
    {
        yield return "An operation takes: runs × each run + other bytes × other + streamed bytes ÷ rate. Streamed are weights, or KV for attention; "
            + "other bytes are activations and what caches hold.";
        yield return "Rate: streamed bytes at that arithmetic intensity (FLOP/B). More at: the arithmetic rate of what comes on top of the row "
            + "above, where time rises with the batch.";
        yield return $"Between operations: {Quantity.Seconds(report.Calibration.GapSeconds)} each; negative where operations in a step overlap.";
        yield return ErrorSentence(report);
        CalibrationErrors errors = report.Errors;
        yield return errors.OtherModelFraction is double model
            ? $"With a whole model left out, nine in ten points were off by at most {Quantity.Percent(model)} %."
            : $"One model was measured: for another {Quantity.RoundPercent(CalibrationErrors.AssumedModelFraction)} is assumed to come on top.";
        foreach (string line in LeftOut(report))
        {
            yield return line;
        }

        yield return $"From: {string.Join("; ", report.Set.Records.Select(record => $"{record.Model.Name} of {record.StartedUtc.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture)} UTC"))}. "
            + "Rates are derived from measured times; see docs/calibration.md.";
    }

    private static string Batch(RateKnot knot) =>
        knot.SmallestBatch == knot.LargestBatch ? $"{knot.SmallestBatch}" : $"{knot.SmallestBatch}–{knot.LargestBatch}";

    private static double? Marginal(Row row) =>
        row is { Knot: RateKnot knot, Before: RateKnot before } && knot.SecondsPerByte > before.SecondsPerByte
            ? (knot.Intensity - before.Intensity) / (knot.SecondsPerByte - before.SecondsPerByte)
            : null;

    private static ResultCell Number(double? value) => ResultCell.Of(value, Quantity.Digits);

    private static ResultCell Giga(double? value) => ResultCell.Of(value, rate => Quantity.Digits(rate / 1e9));

    private static ResultCell Milliseconds(double? seconds) =>
        ResultCell.Of(seconds, value => Quantity.Digits(value * 1e3));
}
