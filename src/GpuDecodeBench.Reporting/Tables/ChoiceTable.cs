using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Sensitivity;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>Which device for a model and a limit: what keeps to it, the cheapest first, and what does not, with why.</summary>
public static class ChoiceTable
{
    private sealed record Row(int Number, Choice Choice, UncertainResult? Range);

    /// <summary>The ranking.</summary>
    /// <param name="title">What was asked for.</param>
    /// <param name="choices">The choices, the cheapest first.</param>
    /// <param name="draws">What makes the ranges of costs, and says how firm the ranking is; null for neither.</param>
    /// <param name="largestBatch">The largest batch that was looked at.</param>
    /// <param name="limitMilliseconds">The longest time between two tokens; null for no limit.</param>
    /// <param name="explain">Whether the captions derive the first cost line by line.</param>
    public static ResultTable Ranked(
        string title,
        IReadOnlyList<Choice> choices,
        ChoiceDraws? draws,
        int largestBatch,
        double? limitMilliseconds,
        bool explain
    )
    {
        ArgumentNullException.ThrowIfNull(choices);
        Row[] rows = [.. choices.Select((choice, i) => new Row(i + 1, choice, draws?.Range(choice)))];
        TableSchema<Row> table = Cost(Conditions(new TableSchema<Row>()));
        if (choices.Any(choice => choice.Bill is not null))
        {
            if (choices.Any(choice => choice.Bill?.Values["day_in"] > 0))
            {
                table = table.Words("Prefill", "prefill", row => Prefill(row.Choice.Bill));
            }

            table = table
                .Number("Inst.", null, "instances", row => Bill(row, "fleet_instances", count => $"{count:N0}"))
                .Number(
                    "Use",
                    "%",
                    "fleetUtilization",
                    row => Bill(row, "fleet_util", Quantity.PercentAboveZero),
                    drop: 3
                )
                .Number("Bill", "$/day", "usdPerDay", row => Bill(row, "usd_all_day", Quantity.Digits));
        }

        return table
            .Link(rows, row => row.Choice.Conditions.Hardware)
            .Words(
                "From",
                "provenance",
                row => ResultCell.Of(CostProvenance.NameOf(row.Choice.UsdPerMillionTokens.Provenance.Kind))
            )
            .Machine("invalidReasons", row => ResultCell.Of(string.Join(" ", row.Choice.Shown.Case.InvalidReasons)))
            .Build(
                title + SharedUtilization(choices),
                rows,
                [
                    .. ChoiceCaptions.OutsideTheirRange(
                        rows.Where(row => IsOutside(row.Range)).Select(row => row.Number)
                    ),
                    .. ChoiceCaptions.Of(choices, draws, largestBatch, limitMilliseconds, explain),
                ]
            );
    }

    private static bool IsOutside(UncertainResult? range) =>
        range is not null && (range.Likely < range.P10 || range.Likely > range.P90);

    /// <summary>What is out of the question.</summary>
    /// <param name="title">What was asked for.</param>
    /// <param name="excluded">What was left out, with why.</param>
    public static ResultTable Excluded(string title, IReadOnlyList<ExcludedChoice> excluded) =>
        new TableSchema<ExcludedChoice>()
            .Words("Device", "device", row => ResultCell.Of(row.Device))
            .Words("Formats", "formats", row => ResultCell.Of(row.Formats), drop: 1)
            .Machine("code", row => ResultCell.Of(row.Code))
            .Words("Why not", "reason", row => ResultCell.Of(row.Reason))
            .Build($"Out of the question: {title}", excluded, []);

    /// <summary>The five conditions; a utilisation that all rows share stands in the title for people.</summary>
    private static TableSchema<Row> Conditions(TableSchema<Row> table) =>
        table
            .Number("#", null, "rank", row => ResultCell.Of(row.Number))
            .Words("Hardware", "hardware", row => ResultCell.Of(row.Choice.Conditions.Hardware.ToString()))
            .Machine("model", row => ResultCell.Of(row.Choice.Conditions.Model))
            .Words("Weights", "weights", row => ResultCell.Of(row.Choice.Conditions.Weights))
            .Machine("lmHead", row => ResultCell.Of(row.Choice.Conditions.LmHead))
            .Words("KV", "kv", row => ResultCell.Of(row.Choice.Conditions.Kv), drop: 4)
            .Number("Batch", null, "batch", row => Batch(row.Choice))
            .Number(
                "Context",
                null,
                "contextTokens",
                row => ResultCell.Of(row.Choice.Conditions.ContextTokens),
                drop: 6
            )
            .MachineNumber("utilization", row => ResultCell.Of(row.Choice.Conditions.Utilization, Quantity.Percent));

    private static TableSchema<Row> Cost(TableSchema<Row> table) =>
        table
            .Number("Token", "ms", "stepMilliseconds", row => Number(row.Choice.StepMilliseconds))
            .Number(
                "If slow",
                "ms",
                "slowStepMilliseconds",
                row => ResultCell.Of(row.Choice.SlowStepMilliseconds, Quantity.Digits),
                drop: 3
            )
            .Number(
                "Tok/s",
                null,
                "tokensPerSecond",
                row => Number(row.Choice.Shown.Evaluation.Figure("rate")),
                drop: 2
            )
            .Number(
                "Cost",
                "$/GPU/h",
                "usdPerDeviceHour",
                row => EstimatedRent.Marked(row.Choice.Shown.Total.UsdPerDeviceHour, row.Choice.Shown.Evaluation),
                drop: 1
            )
            .Machine("rentIsEstimate", row => ResultCell.Of(EstimatedRent.Flag(row.Choice.Shown.Evaluation)))
            .Number("Output", "$/Mtok", "usdPerMillionTokens", row => Number(row.Choice.UsdPerMillionTokens))
            .Number(
                "P10",
                "$/Mtok",
                "usdPerMillionTokensP10",
                row => ResultCell.Of(row.Range?.P10, Quantity.Digits),
                drop: 5
            )
            .Number(
                "P50",
                "$/Mtok",
                "usdPerMillionTokensP50",
                row => ResultCell.Of(row.Range?.P50, Quantity.Digits),
                drop: 5
            )
            .Number(
                "P90",
                "$/Mtok",
                "usdPerMillionTokensP90",
                row => ResultCell.Of(row.Range?.P90, Quantity.Digits),
                drop: 5
            );

    private static ResultCell Batch(Choice choice) =>
        ResultCell.Of($"{choice.Conditions.Batch:N0}{(choice.BatchIsCapped ? "+" : "")}", $"{choice.Conditions.Batch}");

    /// <summary>The utilisation for the title; nothing where choices differ in it.</summary>
    private static string SharedUtilization(IReadOnlyList<Choice> choices) =>
        choices.Select(choice => choice.Conditions.Utilization).Distinct().ToArray() is [double one]
            ? $", {one * 100:0.##} % utilisation"
            : "";

    private static ResultCell Number(Figure figure) => ResultCell.Of(figure.Value, Quantity.Digits);

    private static ResultCell Prefill(FleetBill? bill) =>
        bill?.Prefill switch
        {
            null => ResultCell.None,
            PrefillPlace.Apart => ResultCell.Of("apart"),
            _ => ResultCell.Of("in turn", "inTurn"),
        };

    private static ResultCell Bill(Row row, string symbol, Func<double, string> text) =>
        ResultCell.Of(row.Choice.Bill?.Values.Figure(symbol).Value, text);
}
