using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Calibration;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>Costs with their five conditions in every row, and on demand the derivation of each.</summary>
public static class CostTable
{
    private sealed record Row(int Number, CostResult Result, string Name, PointRecord? Point);

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
            .. costs.Select((cost, i) => new Row(i + 1, cost, PointText.Name(record.Points[i]), record.Points[i])),
        ];
        return Build($"Cost of {record.Model.Name} on {record.Device.Name}", rows, explain);
    }

    /// <summary>The cost of a prediction.</summary>
    /// <param name="prediction">The prediction.</param>
    /// <param name="cost">Its cost; see <see cref="PredictionCost.Of"/>.</param>
    /// <param name="explain">Whether the captions derive it line by line.</param>
    public static ResultTable From(RooflinePrediction prediction, CostResult cost, bool explain = false)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        ArgumentNullException.ThrowIfNull(cost);
        string title = $"Least cost of {prediction.Plan.Model.Name} on {prediction.Hardware.Name} (predicted)";
        return Build(title, [new Row(1, cost, prediction.Hardware.Name, null)], explain);
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

    private static ResultTable Build(string title, Row[] rows, bool explain) =>
        new TableSchema<Row>()
            .Number("#", null, "row", row => ResultCell.Of(row.Number))
            .Words("Model", "model", row => Words(row, cost => cost.Conditions.Model), drop: 5)
            .Words("Weights", "weights", row => Words(row, cost => cost.Conditions.Weights, row.Point?.Weights))
            .Machine("lmHead", row => Words(row, cost => cost.Conditions.LmHead, row.Point?.LmHead))
            .Words("KV", "kv", row => Words(row, cost => cost.Conditions.Kv, row.Point?.Kv), drop: 2)
            .Number("Batch", null, "batch", row => Count(row, cost => cost.Conditions.Batch, row.Point?.Batch))
            .Number(
                "Context",
                null,
                "contextTokens",
                row => Count(row, cost => cost.Conditions.ContextTokens, row.Point?.Context)
            )
            .Words("Hardware", "hardware", row => Words(row, cost => cost.Conditions.Hardware.ToString()), drop: 4)
            .Number("Tok/s", null, "tokensPerSecond", row => Number(row, cost => cost.TokensPerSecond))
            .Number("Use", "%", "utilization", row => Percent(row, cost => cost.Utilization.Value), drop: 1)
            .Number("Price", "$/h", "usdPerHour", row => Number(row, cost => cost.UsdPerHour.Value), drop: 1)
            .Number("Cost", "$/Mtok", "usdPerMillionTokens", row => Number(row, cost => cost.UsdPerMillionTokens))
            .Words("From", "provenance", Origin, drop: 3)
            .Words(
                "Valid",
                "valid",
                row => row.Result.IsInvalid ? ResultCell.Of("NO", "false") : ResultCell.Of("yes", "true")
            )
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
