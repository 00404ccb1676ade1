using System.Globalization;
using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Tests;
using Microsoft.Playwright;

namespace GpuDecodeBench.Browser.Tests;

/// <summary>The cost explorer gives the program's own figures, whatever is moved.</summary>
[Collection(BrowserCollection.Name)]
public sealed class CostExplorerTests(BrowserFixture browser)
{
    /// <summary>A browser's powers round otherwise in their last digits.</summary>
    private const double Tolerance = 1e-12;

    [BrowserTheory]
    [InlineData("rented", "util", 0.1)]
    [InlineData("rented", "rent", 3.99)]
    [InlineData("owned", "util", 0.9)]
    [InlineData("owned", "tariff", 0.31)]
    [InlineData("owned", "pue", 1.45)]
    public async Task AnInputThatIsTypedGivesTheProgramsCost(string scenario, string symbol, double value)
    {
        OpenReport report = await OpenAsync(scenario);

        await report.Page.FillAsync($"[name='{symbol}-exact']", value.ToString("R", CultureInfo.InvariantCulture));

        AssertCost(Cost(scenario, Fastest(), (symbol, value)), await ShownAsync(report));
    }

    [BrowserTheory]
    [InlineData("rented", "util")]
    [InlineData("rented", "rent")]
    [InlineData("owned", "tariff")]
    [InlineData("owned", "pue")]
    public async Task ASliderIsMovedByKeysAndShowsWhatItIsAt(string scenario, string symbol)
    {
        OpenReport report = await OpenAsync(scenario);
        double before = await ShownAsync(report);

        await report.Page.FocusAsync($"[name='{symbol}']");
        await report.Page.Keyboard.PressAsync("PageUp");

        double value = double.Parse(
            await report.Page.InputValueAsync($"[name='{symbol}-exact']"),
            CultureInfo.InvariantCulture
        );
        double after = await ShownAsync(report);
        Assert.NotEqual(before, after);
        AssertCost(Cost(scenario, Fastest(), (symbol, value)), after);
    }

    [BrowserTheory]
    [InlineData("rented")]
    [InlineData("owned")]
    public async Task EveryMeasuredConfigurationGivesTheProgramsCost(string scenario)
    {
        OpenReport report = await OpenAsync(scenario);
        RunRecord record = ReportRuns.Gpu();
        foreach (string weights in record.Points.Where(PointQuality.IsSound).Select(point => point.Weights).Distinct())
        {
            await report.Page.SelectOptionAsync("[name='format']", $"{weights} weights, bf16 KV");
            for (int batch = 0; batch < 3; batch++)
            {
                await MoveAsync(report, "batch", batch);
                for (int context = 0; context < 2; context++)
                {
                    await MoveAsync(report, "context", context);
                    PointRecord point = record.Points.Single(one =>
                        one.Weights == weights && one.Batch == Batches[batch] && one.Context == Contexts[context]
                    );
                    AssertCost(Cost(scenario, point), await ShownAsync(report));
                    string conditions = (await report.Page.TextContentAsync(".conditions"))!;
                    Assert.Contains(
                        $"context {point.Context} · batch {point.Batch} at 50",
                        conditions,
                        StringComparison.Ordinal
                    );
                }
            }
        }
    }

    [BrowserFact]
    public async Task ThePageComputesWhatItsTableOfTheProgramsFiguresSays()
    {
        OpenReport report = await OpenAsync("rented");
        string[][] rows = await report.Page.EvaluateAsync<string[][]>(
            "() => [...document.querySelectorAll('#r1-x-samples tbody tr')].map((row) => [...row.cells].map((cell) => cell.textContent))"
        );

        Assert.InRange(rows.Length, 15, 30);
        foreach (string[] row in rows)
        {
            await report.Page.ClickAsync("form.explorer button[type='reset']");
            await report.Page.SelectOptionAsync("[name='scenario']", row[0]);
            await report.Page.FillAsync($"[name='{SymbolOf(row[1])}-exact']", row[2].Split(' ')[0]);
            Assert.Equal(row[3], await report.Page.TextContentAsync(".price"));
        }
    }

    private static string SymbolOf(string name) =>
        ScenarioReader.Default("H200 SXM").Inputs.Single(input => input.Name == name).Symbol;

    [BrowserFact]
    public async Task WhatAScenarioDoesNotUseCannotBeMovedThere()
    {
        OpenReport report = await OpenAsync("rented");
        Assert.False(await report.Page.IsVisibleAsync("[name='tariff']"));
        Assert.True(await report.Page.IsVisibleAsync("[name='rent']"));

        await report.Page.SelectOptionAsync("[name='scenario']", "owned");
        Assert.True(await report.Page.IsVisibleAsync("[name='tariff']"));
        Assert.False(await report.Page.IsVisibleAsync("[name='rent']"));
    }

    [BrowserFact]
    public async Task ResettingBringsTheReportsOwnCostBack()
    {
        OpenReport report = await OpenAsync("rented");
        double first = await ShownAsync(report);
        await report.Page.FillAsync("[name='util-exact']", "0.07");
        Assert.NotEqual(first, await ShownAsync(report));

        await report.Page.ClickAsync("form.explorer button[type='reset']");

        Assert.Equal(first, await ShownAsync(report));
        Assert.Equal($"${SignificantDigits.Format(first, 3)}", await report.Page.TextContentAsync(".price"));
    }

    [BrowserFact]
    public async Task AValueThatMakesNoSenseChangesNothing()
    {
        OpenReport report = await OpenAsync("owned");
        double first = await ShownAsync(report);
        foreach (
            (string symbol, string value) in ((string, string)[])
                [("util", "1.5"), ("util", "0"), ("pue", "0.5"), ("tariff", "-1"), ("util", "")]
        )
        {
            await report.Page.FillAsync($"[name='{symbol}-exact']", value);
            Assert.Equal(first, await ShownAsync(report));
        }
    }

    private static readonly int[] Batches = [1, 8, 32];
    private static readonly int[] Contexts = [2048, 16384];

    private static PointRecord Fastest() =>
        ReportRuns.Gpu().Points.Where(PointQuality.IsSound).MaxBy(point => point.TokensPerSecond)!;

    /// <summary>The program's cost, in US dollars for a million output tokens, at the utilisation of the report.</summary>
    private static double Cost(string name, PointRecord point, (string Symbol, double Value)? change = null)
    {
        Scenario scenario = ScenarioReader.Parse($"{{name: {name}, ownership: {name}}}", name, "H200 SXM");
        scenario = scenario with
        {
            Inputs =
            [
                .. scenario.Inputs.Select(input =>
                    input.Symbol == "util"
                        ? new ModelInput("util", input.Name, "1", 0.5, ProvenanceNote.Assumed("the test"))
                        : input
                ),
            ],
        };
        CostStack stack = CostStack.Create(CostCaseFactory.Of(ReportRuns.Gpu(), point, scenario), scenario);
        Dictionary<string, double> changes = [];
        if (change is (string symbol, double value))
        {
            changes[symbol] = value;
        }

        return stack.System.Evaluate(changes)[CostLayers.Total.TokenSymbol];
    }

    private async Task<OpenReport> OpenAsync(string scenario)
    {
        OpenReport report = await browser.OpenAsync(Reports.Gpu);
        await report.Page.ClickAsync("form.explorer button[type='reset']");
        await report.Page.SelectOptionAsync("[name='scenario']", scenario);
        return report;
    }

    private static async Task MoveAsync(OpenReport report, string name, int step) =>
        await report
            .Page.Locator($"[name='{name}']")
            .EvaluateAsync(
                "(range, step) => { range.value = step; range.dispatchEvent(new Event('input', { bubbles: true })); }",
                step
            );

    private static Task<double> ShownAsync(OpenReport report) =>
        report.Page.EvaluateAsync<double>("() => Number(document.querySelector('form.explorer').dataset.usd)");

    private static void AssertCost(double expected, double shown) =>
        Assert.True(
            Math.Abs(shown - expected) <= Tolerance * expected,
            $"The page shows {shown}, the program computes {expected}."
        );
}
