using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>The lines under a ranking of devices: how far to trust it, under which conditions it holds, and where figures come from.</summary>
internal static class ChoiceCaptions
{
    /// <summary>From this share of draws on another row may as well be the cheapest: what lies beyond P10 and P90 is not looked at either.</summary>
    private const double Undecided = 0.1;

    /// <summary>The lines.</summary>
    /// <param name="choices">The choices in their order.</param>
    /// <param name="draws">What says how firm the ranking is; null for nothing.</param>
    /// <param name="largestBatch">The largest batch that was looked at.</param>
    /// <param name="limitMilliseconds">The longest time between two tokens; null for no limit.</param>
    /// <param name="explain">Whether to derive the first cost.</param>
    public static IEnumerable<string> Of(
        IReadOnlyList<Choice> choices,
        ChoiceDraws? draws,
        int largestBatch,
        double? limitMilliseconds,
        bool explain
    )
    {
        if (choices.Count == 0)
        {
            return ["Nothing keeps to the limits."];
        }

        Choice first = choices[0];
        bool isPredicted = first.Stack.System.Defines(PhysicsInputs.RooflineTime);
        return
        [
            Columns(isPredicted, draws is not null),
            .. isPredicted ? Trust(choices, limitMilliseconds) : [],
            .. isPredicted && draws is not null ? Firmness(choices, draws) : [],
            .. EstimatedRent.Lines(
                choices.Select(choice => (choice.Conditions.Hardware.Device, (Evaluation?)choice.Shown.Evaluation)),
                "~ "
            ),
            .. Marks(choices, largestBatch),
            .. Traffic(choices),
            .. choices.Any(choice => choice.Prediction?.Plan.ForgetsTokens == true)
                ? [LayerWords.HeldInFleets]
                : (string[])[],
            .. LinkColumn.Lines(choices.Select(choice => choice.Conditions.Hardware)),
            $"Row 1: {first.Conditions.Describe()}; utilisation {(first.Bill is null ? CostProvenance.Describe(first.Shown.Evaluation.Figure("util")) : "what the traffic makes of whole instances")}.",
            Prices(choices),
            .. explain ? Derivation(first) : [],
        ];
    }

    /// <summary>A line for rows whose cost is outside the range beside it: whole instances are just enough, or just too many.</summary>
    /// <param name="rows">Their numbers.</param>
    public static IEnumerable<string> OutsideTheirRange(IEnumerable<int> rows)
    {
        string numbers = string.Join(", ", rows);
        if (numbers.Length > 0)
        {
            yield return $"Outside its own range: {numbers}. There the number of instances that the likely values lead to is not the one that most draws lead to; plan with P90.";
        }
    }

    /// <summary>What the columns mean.</summary>
    private static string Columns(bool isPredicted, bool hasRange) =>
        "Token: the time between two tokens of one user's answer"
        + (isPredicted ? "; If slow: the same if devices are as slow as is credible" : "")
        + ". Tok/s: all users of an instance together. Output: dollars per million output tokens"
        + (
            hasRange
                ? "; of ten draws from the ranges of all assumptions one is below P10, five are below P50 and one is above P90."
                : "."
        );

    /// <summary>No one is to take a bound for a promise.</summary>
    private static IEnumerable<string> Trust(IReadOnlyList<Choice> choices, double? limit)
    {
        Choice first = choices[0];
        Figure efficiency = first.Stack.Evaluation.Figure(PredictedCase.Efficiency);
        yield return $"Predicted, nothing was executed: the roofline at {first.Stack.Evaluation.Format(PredictedCase.Efficiency, 3)} of its speed — {CostProvenance.Describe(efficiency)}.";
        if (IsAssumed(efficiency) && choices.Any(choice => !IsWhereItWasSeen(choice.Conditions.Hardware.Device)))
        {
            yield return "That share was published for an A100 and an H100 and is taken for every device here: whether the software for the others, AMD's above all, gets as far is not known. A run of your own says it (--efficiency-from).";
        }

        int[] late = [.. Rows(choices, choice => choice.SlowStepMilliseconds > limit)];
        if (late.Length > 0)
        {
            yield return $"If only the lowest credible share of the roofline is reached, rows {string.Join(", ", late)} miss the limit of {Quantity.Digits(limit!.Value)} ms; --surely holds it then, too, and --efficiency-from takes a measured share.";
        }
    }

    private static bool IsAssumed(Figure efficiency) =>
        efficiency.Provenance.Source
        == AssumptionCatalogue.Inputs().Single(input => input.Symbol == PredictedCase.Efficiency).Provenance.Source;

    /// <summary>Whether a device is one of those of the source (A100, H100).</summary>
    private static bool IsWhereItWasSeen(string device) =>
        device.StartsWith("A100", StringComparison.Ordinal) || device.StartsWith("H100", StringComparison.Ordinal);

    /// <summary>
    /// How often another row is cheaper than the first over the ranges of all assumptions: the second, and the best of another device.
    /// </summary>
    private static IEnumerable<string> Firmness(IReadOnlyList<Choice> choices, ChoiceDraws draws)
    {
        string device = choices[0].Conditions.Hardware.Device;
        (int Row, double Share)[] rivals =
        [
            .. Rows(choices, choice => choice.Conditions.Hardware.Device != device)
                .Take(1)
                .Append(2)
                .Where(row => row <= choices.Count)
                .Distinct()
                .Order()
                .Select(row => (row, draws.ShareCheaper(choices[0], choices[row - 1]))),
        ];
        if (rivals.Length == 0)
        {
            yield break;
        }

        (int Row, double Share)[] close = [.. rivals.Where(rival => rival.Share >= Undecided)];
        string shares = string.Join(", ", (close.Length > 0 ? close : rivals).Select(Words));
        yield return $"{(close.Length > 0 ? "NOT DECIDED by what is known" : "How firm row 1 is")}: {shares}. Each device's rent and speed are drawn from their ranges for themselves.";

        string Words((int Row, double Share) rival)
        {
            CostConditions conditions = choices[rival.Row - 1].Conditions;
            return $"row {rival.Row} ({conditions.Hardware}, {conditions.Weights}) is cheaper than row 1 in {Quantity.RoundPercent(rival.Share)} of the draws";
        }
    }

    private static IEnumerable<string> Marks(IReadOnlyList<Choice> choices, int largestBatch)
    {
        foreach (int row in Rows(choices, choice => choice.Stack.Case.InvalidReasons.Count > 0))
        {
            yield return $"Row {row} is INVALID and for inspection only: {ReasonWords.OfAll(choices[row - 1].Stack.Case.InvalidReasons)}.";
        }

        if (choices.Any(choice => choice.BatchIsCapped))
        {
            yield return $"Batches with + are bounded by the largest looked at (--max-batch {largestBatch}); larger ones would keep to the limits, too.";
        }
    }

    /// <summary>What the cost and the time of a token mean where there is traffic.</summary>
    private static IEnumerable<string> Traffic(IReadOnlyList<Choice> choices)
    {
        if (choices[0].Bill is not FleetBill bill)
        {
            yield break;
        }

        bool hasInput = bill.Values["day_in"] > 0;
        yield return $"Output and P10 to P90 are the day's bill over its output tokens{(hasInput ? ", that of the input in them" : "")}: at the use that the traffic makes of whole instances, not at the scenario's {Quantity.Percent(bill.WantedUtilization)} %.";
        if (hasInput)
        {
            yield return FleetTable.PrefillWords;
        }
    }

    private static string Prices(IReadOnlyList<Choice> choices)
    {
        IEnumerable<string> groups = choices
            .Select(choice => (choice.Conditions.Hardware.Device, Text: PriceOf(choice)))
            .GroupBy(pair => pair.Text)
            .Select(group => $"{string.Join(", ", group.Select(pair => pair.Device).Distinct())} — {group.Key}");
        return $"Dollars an hour: {string.Join("; ", groups)}.";
    }

    /// <summary>Rented hardware has one price that matters; of owned hardware the provenance names the assumptions.</summary>
    private static string PriceOf(Choice choice) =>
        choice.Stack.Scenario.Ownership == Ownership.Rented
            ? CostProvenance.Describe(choice.Stack.Evaluation.Figure("rent"))
            : CostProvenance.Describe(choice.Stack.Total.UsdPerDeviceHour.Provenance);

    private static IEnumerable<string> Derivation(Choice first) =>
        DerivationText.Of(
            first.Shown.Evaluation,
            first.Bill is null
                ? [first.CostSymbol, PredictedCase.StepTime]
                : [first.CostSymbol, FleetEquations.TimeBetween, FleetEquations.DaySymbol(CostLayers.Total)]
        );

    private static IEnumerable<int> Rows(IReadOnlyList<Choice> choices, Func<Choice, bool> which) =>
        Enumerable.Range(1, choices.Count).Where(row => which(choices[row - 1]));
}
