using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Sensitivity;

namespace GpuDecodeBench.Reporting.Tables;

/// <summary>What follows from a cost by layers: sweeps, and whether to host or to buy. Conditions stand in every title.</summary>
public static class DecisionTables
{
    /// <summary>A sweep of one input.</summary>
    /// <param name="conditions">The conditions of everything that is not swept.</param>
    /// <param name="points">The points.</param>
    public static ResultTable Sweep(CostConditions conditions, IReadOnlyList<SweepPoint> points)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        ArgumentNullException.ThrowIfNull(points);
        ModelInput input = points[0].Input;
        string total = CostLayers.Total.Symbol;
        return new TableSchema<SweepPoint>()
            .Words(
                input.Name,
                "text",
                point => ResultCell.Of($"{point.Label}{(point.Label is null ? "" : ", ")}{Text(point)}")
            )
            .Machine("symbol", _ => ResultCell.Of(input.Symbol))
            .MachineNumber("value", point => ResultCell.Of(point.Value, Quantity.Digits))
            .Machine("unit", _ => ResultCell.Of(input.Unit.Text))
            .Number("Per hour", "$/GPU/h", "usdPerDeviceHour", point => Value(point, total))
            .Number("Output", "$/Mtok", "usdPerMillionTokens", point => Value(point, CostLayers.Total.TokenSymbol))
            .Number(
                "Input",
                "$/Mtok",
                "usdPerMillionInputTokens",
                point => Value(point, CostLayers.Total.InputTokenSymbol)
            )
            .Build($"Cost over {input.Name}; the rest as in {conditions.Describe()}", points, []);
    }

    /// <summary>Own devices beside an API.</summary>
    /// <param name="conditions">The conditions.</param>
    /// <param name="decision">The comparison.</param>
    public static ResultTable Buy(CostConditions conditions, BreakEven decision)
    {
        ArgumentNullException.ThrowIfNull(conditions);
        ArgumentNullException.ThrowIfNull(decision);
        (string Name, Evaluation Values)[] rows = decision.At is null
            ? [("as given", decision.Now)]
            : [("as given", decision.Now), ("break-even", decision.At)];
        return new TableSchema<(string Name, Evaluation Values)>()
            .Words("Case", "case", row => ResultCell.Of(row.Name))
            .Number("Use", "%", "utilization", row => ResultCell.Of(row.Values["util"], Quantity.Percent))
            .Number("Own", "$/Mtok", "ownUsdPerMillionTokens", row => Of(row.Values, BuyEquations.Own))
            .Number("API", "$/Mtok", "apiUsdPerMillionTokens", row => Of(row.Values, BuyEquations.Api))
            .Number("Output", "Mtok/day", "millionTokensPerDay", row => Of(row.Values, "mix_day"))
            .Build($"Host or buy: {conditions.Describe()}", rows, [Verdict(decision)]);
    }

    private static string Verdict(BreakEven decision)
    {
        string mix = $"a million output tokens with {decision.Now.Format("input_ratio", 3)} million input tokens";
        if (decision.At is Evaluation at)
        {
            bool pays = decision.Now[BuyEquations.Own] <= decision.Now[BuyEquations.Api];
            return $"Own devices cost as much as the API at {Quantity.Percent(decision.Utilization!.Value)} % utilisation, "
                + $"{at.Format("mix_day", 3)} of output on an instance; at {decision.Now.Format("util", 3)} they are {(pays ? "cheaper" : "dearer")}, for {mix}.";
        }

        return decision.IsAlwaysCheaper
            ? $"Own devices are cheaper at any utilisation, for {mix}; check the API's price."
            : $"Own devices are dearer than the API even when always busy, for {mix}.";
    }

    private static string Text(SweepPoint point) => point.Input.Unit.Format(point.Input.Unit.ToBase(point.Value), 4);

    private static ResultCell Value(SweepPoint point, string symbol) => Of(point.Evaluation, symbol);

    private static ResultCell Of(Evaluation values, string symbol) =>
        ResultCell.Of(values.Figure(symbol).Value, Quantity.Digits);
}
