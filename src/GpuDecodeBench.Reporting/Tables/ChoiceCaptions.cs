using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>The lines under a ranking of devices: how far to trust it, under which conditions it holds, and where figures come from.</summary>
internal static class ChoiceCaptions
{
    /// <summary>The lines.</summary>
    /// <param name="choices">The choices in their order.</param>
    /// <param name="largestBatch">The largest batch that was looked at.</param>
    /// <param name="limitMilliseconds">The longest time between two tokens; null for no limit.</param>
    /// <param name="explain">Whether to derive the first cost.</param>
    public static IEnumerable<string> Of(
        IReadOnlyList<Choice> choices,
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
            .. isPredicted ? Trust(choices, limitMilliseconds) : [],
            .. Marks(choices, largestBatch),
            .. Traffic(choices),
            .. LinkColumn.Lines(choices.Select(choice => choice.Conditions.Hardware)),
            $"Row 1: {first.Conditions.Describe()}; utilisation {CostProvenance.Describe(first.Shown.Evaluation.Figure("util"))}.",
            Prices(choices),
            .. explain ? Derivation(first) : [],
        ];
    }

    /// <summary>No one is to take a bound for a promise.</summary>
    private static IEnumerable<string> Trust(IReadOnlyList<Choice> choices, double? limit)
    {
        Choice first = choices[0];
        Figure efficiency = first.Stack.Evaluation.Figure(PredictedCase.Efficiency);
        yield return $"Predicted, nothing was executed: the roofline at {first.Stack.Evaluation.Format(PredictedCase.Efficiency, 3)} of its speed — {CostProvenance.Describe(efficiency)}.";
        int[] late = [.. Rows(choices, choice => choice.SlowStepMilliseconds > limit)];
        if (late.Length > 0)
        {
            yield return $"If only the lowest credible share of the roofline is reached, rows {string.Join(", ", late)} miss the limit of {Quantity.Digits(limit!.Value)} ms; --surely holds it then, too, and --efficiency-from takes a measured share.";
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
        yield return $"Output, P10 and P90 are the day's bill over its output tokens{(hasInput ? ", that of the input in them" : "")}: at the use that the traffic makes of whole instances, not at the scenario's {Quantity.Percent(bill.WantedUtilization)} %.";
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
        choice.Stack.Scenario.Ownership == Economics.Scenarios.Ownership.Rented
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
