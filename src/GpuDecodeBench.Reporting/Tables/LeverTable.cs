using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Levers;
using GpuDecodeBench.Economics.Scenarios;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>What levers save of a cost: each alone, and in the order in which they are best pulled together.</summary>
public static class LeverTable
{
    private sealed record Row(string Name, string Id, string? Change, LeverOutcome Outcome, double? Before);

    /// <summary>Each lever alone, the one that saves most first.</summary>
    /// <param name="analysis">The ranking.</param>
    public static ResultTable Alone(LeverAnalysis analysis)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        double start = analysis.Base.UsdPerMillion.Value!.Value;
        Row[] rows =
        [
            new("as it is", "base", null, analysis.Base, start),
            .. analysis.Alone.Select(outcome => new Row(
                outcome.Levers[0].Name,
                outcome.Levers[0].Id,
                outcome.Changes.GetValueOrDefault(outcome.Levers[0].Kind),
                outcome,
                start
            )),
        ];
        return Schema()
            .Number("Saves", "%", "saving", row => Saving(row, start))
            .Words("Range", "savingRange", row => Range(row.Outcome, start), drop: 3)
            .MachineNumber(
                "savingLow",
                row => ResultCell.Of(1 - (row.Outcome.HighUsdPerMillion / start), Quantity.Percent)
            )
            .MachineNumber(
                "savingHigh",
                row => ResultCell.Of(1 - (row.Outcome.LowUsdPerMillion / start), Quantity.Percent)
            )
            .Words("From", "provenance", Origin, drop: 2)
            .Machine("problem", row => ResultCell.Of(row.Outcome.Problem ?? ""))
            .Build($"Levers, each alone: {Title(analysis)}", rows, AloneCaptions(analysis));
    }

    /// <summary>The levers together: the best, then the best next given those before, and all of them.</summary>
    /// <param name="analysis">The ranking.</param>
    /// <param name="explain">Whether the captions derive the last cost line by line.</param>
    public static ResultTable Together(LeverAnalysis analysis, bool explain = false)
    {
        ArgumentNullException.ThrowIfNull(analysis);
        double start = analysis.Base.UsdPerMillion.Value!.Value;
        var rows = new List<Row> { new("as it is", "base", null, analysis.Base, null) };
        LeverOutcome before = analysis.Base;
        foreach ((Lever added, LeverOutcome outcome) in analysis.Order)
        {
            rows.Add(
                new Row($"+ {added.Name}", added.Id, Added(added, before, outcome), outcome, before.UsdPerMillion.Value)
            );
            before = outcome;
        }

        rows.Add(new Row("every kind, all together", "everything", null, analysis.Everything, null));
        return Schema()
            .Number("Saves", "% of all", "saving", row => Saving(row, start))
            .Number(
                "Of the rest",
                "%",
                "savingOfRest",
                row => row.Before is null ? ResultCell.None : Saving(row, row.Before.Value)
            )
            .Words("From", "provenance", Origin, drop: 2)
            .Machine("problem", row => ResultCell.Of(row.Outcome.Problem ?? ""))
            .Build($"Levers, together: {Title(analysis)}", rows, TogetherCaptions(analysis, explain));
    }

    private static TableSchema<Row> Schema() =>
        new TableSchema<Row>()
            .Words("Lever", "lever", row => ResultCell.Of(row.Name, row.Id))
            .Words("Change", "change", Change, drop: 1)
            .Machine("allChanges", row => ResultCell.Of(string.Join("; ", row.Outcome.Changes.Values)))
            .Number("Token", "ms", "secondsPerToken", row => Milliseconds(row.Outcome.SecondsPerToken))
            .MachineNumber(
                "outputUsdPerMillionTokens",
                row => ResultCell.Of(row.Outcome.OutputUsdPerMillion, Quantity.Digits)
            )
            .MachineNumber(
                "inputUsdPerMillionTokens",
                row => ResultCell.Of(row.Outcome.InputUsdPerMillion, Quantity.Digits)
            )
            .Number(
                "Cost",
                "$/Mtok",
                "usdPerMillion",
                row => ResultCell.Of(row.Outcome.UsdPerMillion.Value, Quantity.Digits)
            );

    private static string Title(LeverAnalysis analysis) =>
        $"{analysis.Base.Conditions!.Describe()}, scenario {analysis.Scenario.Name}";

    private static ResultCell Change(Row row) =>
        row.Outcome.Problem is string problem ? ResultCell.Of($"not possible: {problem}")
        : row.Change is string change ? ResultCell.Of(change)
        : ResultCell.None;

    /// <summary>What a lever changes beside those before it; the largest batch may grow again.</summary>
    private static string Added(Lever added, LeverOutcome before, LeverOutcome after)
    {
        string change = after.Changes[added.Kind];
        int was = before.Conditions!.Batch;
        int isNow = after.Conditions!.Batch;
        return added.Kind == LeverKind.Batch || was == isNow ? change : $"{change}; batch {was} → {isNow}";
    }

    private static ResultCell Saving(Row row, double of) => ResultCell.Of(row.Outcome.SavingOf(of), Quantity.Percent);

    private static ResultCell Range(LeverOutcome outcome, double start) =>
        outcome is { LowUsdPerMillion: double low, HighUsdPerMillion: double high }
            ? ResultCell.Of($"{Quantity.Percent(1 - (high / start))} to {Quantity.Percent(1 - (low / start))}")
            : ResultCell.None;

    private static ResultCell Milliseconds(double? seconds) =>
        ResultCell.Of(seconds, value => Quantity.Digits(value * 1e3));

    private static ResultCell Origin(Row row) =>
        row.Outcome.UsdPerMillion.Value is null
            ? ResultCell.None
            : ResultCell.Of(CostProvenance.NameOf(row.Outcome.UsdPerMillion.Provenance.Kind));

    private static IEnumerable<string> CommonCaptions(LeverAnalysis analysis)
    {
        if (analysis.InvalidReasons.Count > 0)
        {
            yield return $"INVALID and for inspection only: {ReasonWords.OfAll(analysis.InvalidReasons)}.";
        }

        yield return analysis.Base.InputUsdPerMillion is null
            ? "Cost is that of a million output tokens; input cannot be priced here."
            : $"Cost is that of a million output tokens with {analysis.Base.Evaluation!.Format("input_ratio", 3)} million input tokens — "
                + $"{CostProvenance.Describe(analysis.Base.Evaluation.Figure("input_ratio"))}.";
    }

    private static List<string> AloneCaptions(LeverAnalysis analysis) =>
        [
            .. CommonCaptions(analysis),
            .. EstimatedRent.Lines(
                analysis
                    .Alone.Append(analysis.Base)
                    .Where(outcome => outcome.Conditions is not null)
                    .Select(outcome => (outcome.Conditions!.Hardware.Device, outcome.Evaluation))
            ),
            "Range: the saving over the low and high values of the lever's own assumptions. Token: the mean time between tokens of a sequence. Narrower formats, drafts and small models change answers or need demand and software that are not modelled; no cost is put on that.",
        ];

    private static List<string> TogetherCaptions(LeverAnalysis analysis, bool explain)
    {
        double start = analysis.Base.UsdPerMillion.Value!.Value;
        List<string> lines =
        [
            .. CommonCaptions(analysis),
            "Every kind: the best of each kind alone, pulled together whether or not it still saves.",
            $"The best of each kind alone adds up to {Quantity.Percent(analysis.SumOfSavingsAlone)} %; together, those that still save beside the others save "
                + $"{Quantity.Percent(analysis.Together.SavingOf(start)!.Value)} %.",
        ];
        if (explain)
        {
            int number = 0;
            lines.AddRange(
                analysis
                    .Together.Evaluation!.Explain(LeverEquations.Mix)
                    .Select(line => line.Formula is null ? $"  given  {line}" : $"  ({++number})  {line}")
            );
        }

        return lines;
    }
}
