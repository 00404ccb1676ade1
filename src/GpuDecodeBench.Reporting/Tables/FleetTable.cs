using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Economics.Sensitivity;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>The bill of a fleet, by layers and by spans of time, and its power.</summary>
public static class FleetTable
{
    private static readonly string[] Sizes =
    [
        "fleet_instances",
        "fleet_decode_instances",
        "fleet_prefill_instances",
        FleetEquations.TimeBetween,
        "fleet_gpus",
        "fleet_util",
        "fleet_power",
        "fleet_energy_day",
        "fleet_energy_month",
        "fleet_energy_year",
        "fleet_usd_out",
        "fleet_usd_mixed",
    ];

    /// <summary>What the two ways of prefill mean for the time between tokens.</summary>
    internal const string PrefillWords =
        "Prefill in turn with decode on the same devices: the time of a token is the mean with prefill in between, and a limit holds for that mean, not for each token. Prefill apart: instances of the same devices for it alone, and decode keeps its step; caches cross the network between them, and where that takes longer than computing it needs more instances.";

    /// <summary>The bill by layers.</summary>
    /// <param name="bill">The bill.</param>
    /// <param name="plan">The step that was predicted; null for one that was measured.</param>
    /// <param name="range">What the uncertainty of the assumptions makes of a day's bill; null where not asked.</param>
    /// <param name="explain">Whether the captions derive it line by line.</param>
    public static ResultTable Bill(FleetBill bill, DecodeStepPlan? plan, UncertainResult? range, bool explain)
    {
        ArgumentNullException.ThrowIfNull(bill);
        return new TableSchema<CostLayer>()
            .Words("Layer", "layer", layer => ResultCell.Of(layer.Name, layer.Kind.Id))
            .Number("Day", "$", "usdPerDay", layer => Money(bill, layer, FleetEquations.DaySymbol(layer.Kind)))
            .Number("Month", "$", "usdPerMonth", layer => Money(bill, layer, FleetEquations.MonthSymbol(layer.Kind)))
            .Number("Year", "$", "usdPerYear", layer => Money(bill, layer, FleetEquations.YearSymbol(layer.Kind)))
            .ShareAndProvenance(layer => bill.Values.Figure(FleetEquations.DaySymbol(layer.Kind)).Provenance)
            .Build(
                $"Fleet bill: {bill.Values.Format("fleet_instances", 3)} instances for {bill.Values.Format("day_out", 3)} of output and {bill.Values.Format("day_in", 3)} of input; {bill.Stack.Conditions.Describe()}",
                [.. bill.Stack.Layers, bill.Stack.Total],
                [.. Range(range), .. Captions(bill, plan, explain)]
            );
    }

    /// <summary>Instances, power and dollars per token.</summary>
    /// <param name="bill">The bill.</param>
    public static ResultTable Size(FleetBill bill)
    {
        ArgumentNullException.ThrowIfNull(bill);
        return new TableSchema<Equation>()
            .Words("Quantity", "name", equation => ResultCell.Of(equation.Name))
            .Words("Value", "text", equation => Text(bill.Values, equation.Symbol))
            .MachineNumber(
                "value",
                equation => ResultCell.Of(bill.Values.Figure(equation.Symbol).Value, Quantity.Digits)
            )
            .Machine("unit", equation => ResultCell.Of(equation.Unit))
            .Machine("symbol", equation => ResultCell.Of(equation.Symbol))
            .Words("Formula", "formula", equation => ResultCell.Of(equation.Formula), drop: 1)
            .Words(
                "From",
                "provenance",
                equation => ResultCell.Of(CostProvenance.NameOf(bill.Values.Figure(equation.Symbol).Provenance.Kind))
            )
            .Build(
                $"Fleet: {bill.Stack.Conditions.Describe()}",
                FleetEquations.All.Where(equation => Sizes.Contains(equation.Symbol)),
                []
            );
    }

    private static ResultCell Text(Evaluation values, string symbol) =>
        values.Figure(symbol).Value is null ? ResultCell.None : ResultCell.Of(values.Format(symbol, 3));

    private static ResultCell Money(FleetBill bill, CostLayer layer, string symbol) =>
        layer.IsInTheRent ? ResultCell.None : ResultCell.Of(bill.Values.Figure(symbol).Value, Quantity.Digits);

    private static IEnumerable<string> Range(UncertainResult? range)
    {
        if (range is not null)
        {
            yield return $"A day's bill over the ranges of all assumptions: P10 ${Quantity.Digits(range.P10)}, P50 ${Quantity.Digits(range.P50)}, P90 ${Quantity.Digits(range.P90)} ({range.Sorted.Count:N0} draws, seed {range.Seed}; one of ten lies below P10, one above P90). The table is that of the likely values, ${Quantity.Digits(range.Likely)}: {Quantity.RoundPercent(range.Sorted.Count(draw => draw < range.Likely) / (double)range.Sorted.Count)} of the draws are cheaper.";
        }
    }

    private static IEnumerable<string> Captions(FleetBill bill, DecodeStepPlan? plan, bool explain)
    {
        Evaluation values = bill.Values;
        if (bill.Stack.Case.InvalidReasons.Count > 0)
        {
            yield return $"INVALID and for inspection only: {ReasonWords.OfAll(bill.Stack.Case.InvalidReasons)}.";
        }

        yield return $"Instances are busy for {Quantity.Percent(bill.WantedUtilization)} % of paid time at most by the scenario, and for {Quantity.Percent(1 / values["peak_to_mean"])} % by the peak of {values.Format("peak_to_mean", 3)} times the mean — {CostProvenance.Describe(values.Figure("peak_to_mean"))}; whole instances make it {Quantity.PercentAboveZero(values["fleet_util"])} %.";
        Figure rate = values.Figure("rate");
        yield return $"An instance makes {values.Format("rate", 3)} while busy — {CostProvenance.Describe(rate)}.";
        if (bill.Stack.System.Defines(PhysicsInputs.RooflineTime))
        {
            yield return $"Predicted, nothing was executed: the roofline at {values.Format(PredictedCase.Efficiency, 3)} of its speed — {CostProvenance.Describe(values.Figure(PredictedCase.Efficiency))}.";
        }

        foreach (
            string line in LinkColumn
                .Lines([bill.Stack.Conditions.Hardware])
                .Concat(EstimatedRent.Lines([(bill.Stack.Conditions.Hardware.Device, values)]))
        )
        {
            yield return line;
        }

        if (plan?.ForgetsTokens == true)
        {
            yield return LayerWords.HeldInFleets;
        }

        if (values["day_in"] > 0)
        {
            yield return "Input tokens are predicted: prefill at an assumed share of the datasheet's BF16 rate, nothing was executed.";
            yield return bill.Prefill == PrefillPlace.Apart
                ? $"Prefill has {values.Format("fleet_prefill_instances", 3)} of the instances for itself, so that a token takes the {values.Format(FleetEquations.TimeBetween, 3)} of a step. The caches that it makes cross the network, which keeps that of an instance for prefill busy for {Quantity.PercentAboveZero(values[FleetEquations.Moving] / values["fleet_prefill_instances"])} % of the time, at {values.Format("network_rate", 3)} — {CostProvenance.Describe(values.Figure("network_rate"))}."
                : $"Prefill takes turns with decode: a step takes {values.Format(PredictedCase.StepTime, 3)}, and with the prefill in between a token takes {values.Format(FleetEquations.TimeBetween, 3)} on average.";
        }

        yield return $"Power from the grid: {values.Format("fleet_power", 3)} on average. A month is a twelfth of a year of 365 days.";
        foreach (CostLayer layer in bill.Stack.Layers.Append(bill.Stack.Total))
        {
            if (layer.UsdPerDeviceHour.Value is null)
            {
                yield return $"{layer.Name}: not known, {layer.UsdPerDeviceHour.Provenance.Detail}.";
            }
        }

        if (explain)
        {
            foreach (string line in DerivationText.Of(values, "usd_all_day", "fleet_power", "fleet_usd_out"))
            {
                yield return line;
            }
        }
    }
}
