using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Economics.Sensitivity;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Charts;

namespace GpuDecodeBench.Reporting.Html.Sections;

/// <summary>The cost of a million tokens as a stack of layers, with the range that the assumptions leave.</summary>
internal sealed class CostSection : IReportSection
{
    /// <summary>Draws for the range of a bar: enough for its 10th and 90th percentile to two digits.</summary>
    private const int Draws = 1000;

    private const int Seed = 1;

    public string Id => "cost";

    public string Heading => "What a million tokens cost";

    public string ShortHeading => "Cost";

    public void Write(HtmlWriter html, ReportRun run)
    {
        if (run.FastestPriced is not PointRecord best)
        {
            html.Missing("Cost", run.WhyNothingIsPriced!);
            return;
        }

        if (run.Scenarios.Count == 0)
        {
            html.Missing("Cost by layers", "the utilisation is not above 0 and at most 1.");
        }

        foreach (PricedScenario scenario in run.Scenarios)
        {
            CostStack stack = scenario.StackOf(best)!;
            if (stack.Total.UsdPerMillionTokens.Value is null)
            {
                html.Missing(
                    $"Cost by layers, {scenario.Name}",
                    $"{HtmlParts.Why(stack.Total.UsdPerMillionTokens.Provenance).TrimEnd('.')}."
                );
                continue;
            }

            (PointRecord Point, CostStack Stack)[] stacks =
            [
                .. run
                    .BestPricedOfFormats.Select(point => (point, scenario.StackOf(point)!))
                    .Where(pair => pair.Item2.Total.UsdPerMillionTokens.Value is not null)
                    .OrderBy(pair => pair.Item2.Total.UsdPerMillionTokens.Value),
            ];
            html.Chart(
                run,
                $"cost-{Number(run, scenario)}",
                Chart(run, scenario, stacks),
                Reading(scenario, stacks[0].Stack)
            );
        }
    }

    private static int Number(ReportRun run, PricedScenario scenario) =>
        Enumerable.Range(0, run.Scenarios.Count).First(i => ReferenceEquals(run.Scenarios[i], scenario));

    private static string Reading(PricedScenario scenario, CostStack stack)
    {
        UncertainResult? range = Range(stack);
        string beyond =
            range?.P10 > stack.Total.UsdPerMillionTokens.Value
                ? " It lies beyond the bar: the most likely values of some assumptions are the low ends of their ranges."
                : "";
        string layers =
            scenario.Scenario.Ownership == Ownership.Rented
                ? "Electricity, facility, storage and network are in the rent; the rent alone is the cost named so far, labour and software come on top."
                : "Capital is the annuity of the device and its share of the system.";
        return $"Each bar is the fastest configuration of a format that can be priced, from the cheapest down; its parts are the layers of docs/cost.md. {layers} "
            + $"The thin line reaches from P10 to P90 of what the assumptions leave open.{beyond} Utilisation {Quantity.RoundPercent(stack.Conditions.Utilization)} "
            + $"({HtmlParts.Origin(stack.Evaluation.Figure("util"))}). The longest part is where to save.";
    }

    private static BarChart Chart(ReportRun run, PricedScenario scenario, (PointRecord Point, CostStack Stack)[] stacks)
    {
        CostStack cheapest = stacks[0].Stack;
        return new BarChart(
            $"Cost by layers, {scenario.Name}",
            $"{stacks.Length} configurations; the cheapest is {run.ShortName(stacks[0].Point)} at {Quantity.Usd(cheapest.Total.UsdPerMillionTokens.Value!.Value)} per million tokens, "
                + $"{string.Join(", ", cheapest.Layers.Where(IsPaid).Select(layer => $"{layer.Name} {Quantity.RoundPercent(layer.Share ?? 0)}"))}.",
            "US dollars per million output tokens",
            [.. stacks.Select(pair => Row(run, pair.Point, pair.Stack))],
            Data(run, scenario, stacks)
        );
    }

    private static BarRow Row(ReportRun run, PointRecord point, CostStack stack)
    {
        UncertainResult? range = Range(stack);
        double total = stack.Total.UsdPerMillionTokens.Value!.Value;
        return new BarRow(
            run.ShortName(point),
            [
                .. stack
                    .Layers.Where(IsPaid)
                    .Select(layer => new BarSegment(
                        layer.Name,
                        layer.UsdPerMillionTokens.Value!.Value,
                        Colour(layer.Kind),
                        $"{layer.Name}: {Quantity.Usd(layer.UsdPerMillionTokens.Value.Value)} per million tokens, {Quantity.RoundPercent(layer.Share ?? 0)} ({HtmlParts.Origin(layer.UsdPerMillionTokens)}) — {stack.Conditions.Describe()}"
                    )),
            ],
            Quantity.Usd(total),
            stack.Conditions.Describe()
        )
        {
            Range = range is null ? null : (range.P10, range.P90),
            RangeText = range is null
                ? null
                : $"P10–P90 {Quantity.Usd(range.P10)}–{Quantity.Usd(range.P90).TrimStart('$')}",
        };
    }

    /// <summary>The range; null where no draw gives a finite cost.</summary>
    private static UncertainResult? Range(CostStack stack)
    {
        UncertainResult range = MonteCarlo.Run(stack.System, CostLayers.Total.TokenSymbol, Draws, Seed);
        return range.Sorted.Count == 0 ? null : range;
    }

    private static bool IsPaid(CostLayer layer) => layer.UsdPerMillionTokens.Value is > 0;

    private static int Colour(CostLayerKind kind) =>
        Enumerable.Range(0, CostLayers.Parts.Count).First(i => CostLayers.Parts[i] == kind);

    private static ResultTable Data(
        ReportRun run,
        PricedScenario scenario,
        (PointRecord Point, CostStack Stack)[] stacks
    )
    {
        TableSchema<(PointRecord Point, CostStack Stack)> schema = new TableSchema<(
            PointRecord Point,
            CostStack Stack
        )>().Words("Configuration", "configuration", row => ResultCell.Of(run.ShortName(row.Point)));
        foreach (CostLayerKind kind in CostLayers.Parts)
        {
            schema = schema.Number(
                kind.Name,
                "$/Mtok",
                kind.Id,
                row =>
                    row.Stack.Layers.Single(layer => layer.Kind == kind) is { IsInTheRent: false } layer
                        ? ResultCell.Of(layer.UsdPerMillionTokens.Value, Quantity.Digits)
                        : ResultCell.Of("in the rent", "")
            );
        }

        return schema
            .Number(
                "Total",
                "$/Mtok",
                "total",
                row => ResultCell.Of(row.Stack.Total.UsdPerMillionTokens.Value, Quantity.Digits)
            )
            .Words("Conditions", "conditions", row => ResultCell.Of(row.Stack.Conditions.Describe()))
            .Build($"Cost by layers, {scenario.Name}", stacks, []);
    }
}
