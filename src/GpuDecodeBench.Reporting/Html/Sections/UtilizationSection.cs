using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Sensitivity;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Charts;

namespace GpuDecodeBench.Reporting.Html.Sections;

/// <summary>The cost of a million tokens over the share of paid time in which they are made, beside what APIs take.</summary>
internal sealed class UtilizationSection : IReportSection
{
    private const double Lowest = 0.05;
    private const int Steps = 38;

    private sealed record Curve(PricedScenario Scenario, CostStack Stack, IReadOnlyList<SweepPoint> Points);

    public string Id => "utilisation";

    public string Heading => "Cost against utilisation";

    public string ShortHeading => "Utilisation";

    public void Write(HtmlWriter html, ReportRun run)
    {
        string total = CostLayers.Total.TokenSymbol;
        Curve[] curves = run.FastestPriced is PointRecord best ? [.. Curves(run, best)] : [];
        if (curves.Length == 0)
        {
            html.Missing(
                "Cost against utilisation",
                run.WhyNothingIsPriced ?? "no scenario has a cost; the section before says why."
            );
            return;
        }

        List<double> costs = [.. curves.SelectMany(curve => curve.Points).Select(point => point.Evaluation[total])];
        AxisScale y = AxisScale.Fitting([
            .. costs,
            .. run.Options.ApiPrices.Select(price => price.UsdPerMillionTokens),
        ]);
        html.Chart(
            run,
            "utilisation-chart",
            new XyChart(
                $"Cost of a million tokens over utilisation, {PointText.Name(run.FastestPriced!)}",
                $"From {Quantity.Usd(costs.Max())} at {Lowest * 100:0} % to {Quantity.Usd(costs.Min())} at 100 %. {string.Join(" ", BreakEvens(run, curves))}",
                new ChartAxis("Utilisation", "% of paid time", AxisScale.Linear([0, 100])),
                new ChartAxis("Cost", "$/Mtok", y),
                [.. curves.Select((curve, i) => Series(curve, i, total))],
                Data(curves, total)
            )
            {
                References =
                [
                    new ReferenceLine(curves[0].Stack.Conditions.Utilization * 100, "here", IsVertical: true),
                    .. run.Options.ApiPrices.Select(price => new ReferenceLine(
                        price.UsdPerMillionTokens,
                        $"{price.Name} {Quantity.Usd(price.UsdPerMillionTokens)}"
                    )),
                ],
            },
            "Paid hours that make no tokens make the others dearer: half the utilisation is about twice the cost. The upright line is the utilisation "
                + $"of this report. {string.Join(" ", BreakEvens(run, curves))}"
        );
    }

    private static IEnumerable<Curve> Curves(ReportRun run, PointRecord best)
    {
        double[] shares = [.. Enumerable.Range(0, Steps + 1).Select(i => Lowest + ((1 - Lowest) * i / Steps))];
        foreach (PricedScenario scenario in run.Scenarios)
        {
            CostStack stack = scenario.StackOf(best)!;
            if (stack.Total.UsdPerMillionTokens.Value is not null)
            {
                yield return new Curve(scenario, stack, Sweep.Over(stack.System, "util", shares));
            }
        }
    }

    private static ChartSeries Series(Curve curve, int index, string total) =>
        new(
            curve.Scenario.Name,
            index,
            [.. curve.Points.Select(point => new ChartPoint(point.Value * 100, point.Evaluation[total]))]
        )
        {
            Line = LineStyle.Solid,
            HasMarks = false,
        };

    /// <summary>For each API price and scenario, from which utilisation on the own device is cheaper.</summary>
    private static IEnumerable<string> BreakEvens(ReportRun run, Curve[] curves)
    {
        if (run.Options.ApiPrices.Count == 0)
        {
            yield return "No API price was given (--api-price), so there is no break-even to show.";
        }

        foreach (ApiPrice price in run.Options.ApiPrices)
        {
            foreach (Curve curve in curves)
            {
                double? share = RootFinder.Find(
                    curve.Stack.System,
                    "util",
                    CostLayers.Total.TokenSymbol,
                    price.UsdPerMillionTokens,
                    1e-6,
                    1
                );
                yield return share is double known
                    ? $"{Named(curve)}, a token costs as much as {price.Name} takes for output ({Quantity.Usd(price.UsdPerMillionTokens)}) at {Quantity.RoundPercent(known)} utilisation."
                    : $"{Named(curve)}, a token costs more than {price.Name} takes for output ({Quantity.Usd(price.UsdPerMillionTokens)}), even always busy.";
            }
        }
    }

    private static string Named(Curve curve) =>
        $"{char.ToUpperInvariant(curve.Scenario.Name[0])}{curve.Scenario.Name[1..]}";

    private static ResultTable Data(Curve[] curves, string total)
    {
        TableSchema<int> schema = new TableSchema<int>().Number(
            "Utilisation",
            "%",
            "utilization",
            i => ResultCell.Of(curves[0].Points[i].Value, Quantity.Percent)
        );
        foreach (Curve curve in curves)
        {
            schema = schema.Number(
                curve.Scenario.Name,
                "$/Mtok",
                curve.Scenario.Name,
                i => ResultCell.Of(curve.Points[i].Evaluation[total], Quantity.Digits)
            );
        }

        return schema.Build(
            "Cost over utilisation",
            Enumerable.Range(0, Steps + 1).Where(i => i % 2 == 0),
            [
                .. curves.Select(curve =>
                    $"{curve.Scenario.Name}: {curve.Stack.Conditions.Describe()}, but for utilisation."
                ),
            ]
        );
    }
}
