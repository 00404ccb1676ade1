using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Calibration;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>Costs with their five conditions in every row, and on demand the derivation of each.</summary>
public static class CostTable
{
    private sealed record Row(int Number, CostResult Result, string Name, Known? Known)
    {
        /// <summary>A point that was measured may be valid without a price; a step that does not fit cannot be.</summary>
        public bool IsValid => !Result.IsInvalid && Result.Unavailable?.Reason != PredictionCost.DoesNotFit;
    }

    /// <summary>What is known of a row without a cost.</summary>
    private sealed record Known(
        string Weights,
        string? LmHead,
        string Kv,
        long Batch,
        long Context,
        string? Model = null,
        string? Hardware = null
    );

    /// <summary>The costs of a run's points.</summary>
    /// <param name="record">The run.</param>
    /// <param name="costs">The costs of its points, in their order.</param>
    /// <param name="explain">Whether the captions derive every cost line by line.</param>
    /// <exception cref="ArgumentException">There are more or fewer costs than points.</exception>
    public static ResultTable From(RunRecord record, IReadOnlyList<CostResult> costs, bool explain = false)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(costs);
        if (costs.Count != record.Points.Count)
        {
            throw new ArgumentException($"{record.Points.Count} costs are needed, one for each point.", nameof(costs));
        }

        Row[] rows =
        [
            .. costs.Select(
                (cost, i) => new Row(i + 1, cost, PointText.Name(record.Points[i]), KnownOf(record.Points[i]))
            ),
        ];
        return Build($"Cost of {record.Model.Name} on {record.Device.Name}", rows, explain);
    }

    /// <summary>The cost of a prediction.</summary>
    /// <param name="prediction">The prediction.</param>
    /// <param name="cost">Its cost; see <see cref="PredictionCost.Of"/>.</param>
    /// <param name="explain">Whether the captions derive it line by line.</param>
    public static ResultTable From(RooflinePrediction prediction, CostResult cost, bool explain = false) =>
        From([(prediction, cost)], explain);

    /// <summary>The costs of predictions of one model, a row each.</summary>
    /// <param name="priced">The predictions, at least one, with their costs.</param>
    /// <param name="explain">Whether the captions derive each line by line.</param>
    /// <exception cref="ArgumentException">There is no prediction.</exception>
    public static ResultTable From(
        IReadOnlyList<(RooflinePrediction Prediction, CostResult Cost)> priced,
        bool explain = false
    )
    {
        ArgumentNullException.ThrowIfNull(priced);
        ArgumentOutOfRangeException.ThrowIfZero(priced.Count, nameof(priced));
        string devices = string.Join(", ", priced.Select(pair => pair.Prediction.Hardware.Name).Distinct());
        return Build(
            $"Least cost of {priced[0].Prediction.Plan.Model.Name} on {devices} (predicted)",
            [
                .. priced.Select(
                    (pair, i) => new Row(i + 1, pair.Cost, pair.Prediction.Hardware.Name, KnownOf(pair.Prediction))
                ),
            ],
            explain
        );
    }

    /// <summary>The costs of calibrated predictions by one calibration.</summary>
    /// <param name="priced">The predictions, at least one, with their costs; see <see cref="CalibratedCost.Of"/>.</param>
    /// <param name="explain">Whether the captions derive each line by line.</param>
    /// <exception cref="ArgumentException">There is no prediction.</exception>
    public static ResultTable From(
        IReadOnlyList<(CalibratedPrediction Prediction, CostResult Cost)> priced,
        bool explain = false
    )
    {
        ArgumentNullException.ThrowIfNull(priced);
        ArgumentOutOfRangeException.ThrowIfZero(priced.Count, nameof(priced));
        CalibratedPrediction first = priced[0].Prediction;
        return Build(
            $"Cost of {first.Plan.Model.Name} on {first.Hardware.Device} (calibrated; these steps were not executed)",
            [.. priced.Select((pair, i) => new Row(i + 1, pair.Cost, CalibratedTable.Name(pair.Prediction), null))],
            explain
        );
    }

    private static Known KnownOf(PointRecord point) =>
        new(point.Weights, point.LmHead, point.Kv, point.Batch, point.Context);

    private static Known KnownOf(RooflinePrediction prediction)
    {
        StepConditions step = prediction.Plan.Conditions;
        return new Known(
            step.Formats.Weights.Name(),
            step.Formats.LmHead.Name(),
            step.Formats.Kv.Name(),
            step.Batch,
            step.ContextTokens.Max(),
            prediction.Plan.Model.Name,
            new HardwareUnits(prediction.Hardware.Name, step.TensorParallel).ToString()
        );
    }

    private static ResultTable Build(string title, Row[] rows, bool explain) =>
        new TableSchema<Row>()
            .Number("#", null, "row", row => ResultCell.Of(row.Number))
            .Words("Model", "model", row => Words(row, cost => cost.Conditions.Model, row.Known?.Model), drop: 5)
            .Words("Weights", "weights", row => Words(row, cost => cost.Conditions.Weights, row.Known?.Weights))
            .Machine("lmHead", row => Words(row, cost => cost.Conditions.LmHead, row.Known?.LmHead))
            .Words("KV", "kv", row => Words(row, cost => cost.Conditions.Kv, row.Known?.Kv), drop: 2)
            .Number("Batch", null, "batch", row => Count(row, cost => cost.Conditions.Batch, row.Known?.Batch))
            .Number(
                "Context",
                null,
                "contextTokens",
                row => Count(row, cost => cost.Conditions.ContextTokens, row.Known?.Context)
            )
            .Words(
                "Hardware",
                "hardware",
                row => Words(row, cost => cost.Conditions.Hardware.ToString(), row.Known?.Hardware),
                drop: 4
            )
            .Number("Tok/s", null, "tokensPerSecond", row => Number(row, cost => cost.TokensPerSecond))
            .Number("Use", "%", "utilization", row => Percent(row, cost => cost.Utilization.Value), drop: 1)
            .Number("Price", "$/h", "usdPerHour", row => Number(row, cost => cost.UsdPerHour.Value), drop: 1)
            .Number("Cost", "$/Mtok", "usdPerMillionTokens", row => Number(row, cost => cost.UsdPerMillionTokens))
            .Link(rows, row => row.Result.Cost?.Conditions.Hardware)
            .Words("From", "provenance", Origin, drop: 3)
            .Words("Valid", "valid", row => row.IsValid ? ResultCell.Of("yes", "true") : ResultCell.Of("NO", "false"))
            .Machine("unavailableReason", row => ResultCell.Of(row.Result.Unavailable?.Reason ?? ""))
            .Build(title, rows, Captions(rows, explain));

    private static List<string> Captions(Row[] rows, bool explain)
    {
        List<string> lines = [];
        foreach (Row row in rows)
        {
            if (row.Result.Unavailable is ProvenanceNote note)
            {
                lines.Add($"Row {row.Number} ({row.Name}) has no cost: {Why(row.Result, note)}.");
            }
            else if (row.Result.IsInvalid)
            {
                lines.Add(
                    $"Row {row.Number} ({row.Name}) is INVALID and for inspection only: "
                        + $"{ReasonWords.OfAll(row.Result.InvalidReasons)}."
                );
            }

            if (row.Result.Cost is TokenCost cost)
            {
                IEnumerable<string> said = explain
                    ? cost.Explain()
                    :
                    [
                        $"{cost.Conditions.Describe()}; tokens/s {CostProvenance.Describe(cost.TokensPerSecondProvenance)}.",
                    ];
                lines.AddRange(said.Select(line => $"Row {row.Number}: {line}"));
            }
        }

        if (rows.Any(row => row.Result.Cost?.TokensPerSecondProvenance.Kind == Provenance.Predicted))
        {
            lines.Add(CostCaptions.RooflineIsABound);
        }

        if (!explain)
        {
            CostCaptions.AddInputs(
                lines,
                [.. rows.Where(row => row.Result.Cost is not null).Select(row => row.Result)]
            );
        }

        return lines;
    }

    private static string Why(CostResult result, ProvenanceNote note) =>
        result.IsInvalid
            ? $"the point is invalid: {ReasonWords.OfAll(result.InvalidReasons)}"
            : note.Detail ?? ReasonWords.Of(note.Reason!);

    private static ResultCell Origin(Row row) => Words(row, cost => CostProvenance.NameOf(cost.Provenance.Kind));

    /// <summary>A row without a cost still says which point it is.</summary>
    private static ResultCell Words(Row row, Func<TokenCost, string> text, string? without = null) =>
        (row.Result.Cost is TokenCost cost ? text(cost) : without) is string words
            ? ResultCell.Of(words)
            : ResultCell.None;

    private static ResultCell Count(Row row, Func<TokenCost, long> count, long? without) =>
        ResultCell.Of(row.Result.Cost is TokenCost cost ? count(cost) : without, value => $"{value:N0}");

    private static ResultCell Number(Row row, Func<TokenCost, double?> number) =>
        ResultCell.Of(row.Result.Cost is TokenCost cost ? number(cost) : null, Quantity.Digits);

    private static ResultCell Percent(Row row, Func<TokenCost, double?> number) =>
        ResultCell.Of(row.Result.Cost is TokenCost cost ? number(cost) : null, Quantity.Percent);
}
