using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Levers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Economics.Sensitivity;
using GpuDecodeBench.Reporting;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>The tables of what predictions cost: a report for each of a few, one table for many.</summary>
internal sealed class PredictionCostReport(CostQuestions questions, CostTally tally)
{
    /// <summary>The most predictions that have a report each.</summary>
    private const int MostReports = 4;

    /// <summary>Whether so many predictions are one table without reports.</summary>
    /// <param name="predictions">How many there are.</param>
    public bool IsOneTable(int predictions) => predictions > MostReports && !questions.Explain;

    /// <summary>All predictions.</summary>
    /// <param name="predictions">The predictions, at least one.</param>
    public IEnumerable<ResultTable> Of(IReadOnlyList<RooflinePrediction> predictions)
    {
        predictions =
        [
            .. predictions.Select(prediction => prediction.Within(questions.ScenarioOf(prediction.Hardware.Name))),
        ];
        bool isMany = predictions.Count > MostReports;
        bool asksEach = questions.Physics || questions.Levers is not null || questions.Report.Api is not null;
        if (isMany && asksEach)
        {
            throw new InputException(
                $"The lists span {predictions.Count} points; --physics, --levers and --api-price are answered for at most {MostReports}."
            );
        }

        if (IsOneTable(predictions.Count))
        {
            return [Grid(predictions, questions.Report.Sweeps)];
        }

        // Without a scenario a report has no sweeps of its own.
        bool isByLayers = questions.ScenarioOf(predictions[0].Hardware.Name) is not null;
        IEnumerable<ResultTable> summary =
            !isByLayers && questions.Report.Sweeps.Count > 0 ? [Grid(predictions, questions.Report.Sweeps)]
            : predictions.Count > 1 && isByLayers ? [Grid(predictions, [])]
            : [];
        if (!isByLayers && !asksEach)
        {
            return summary.Append(Plain(predictions));
        }

        return summary.Concat(predictions.SelectMany(prediction => Report(prediction, predictions.Count == 1)));
    }

    private ResultTable Grid(
        IReadOnlyList<RooflinePrediction> predictions,
        IReadOnlyList<(string Symbol, IReadOnlyList<double> Values)> sweeps
    )
    {
        Scenario? asked = questions.ScenarioOf(predictions[0].Hardware.Name);
        CheckSwept(sweeps);
        IReadOnlyList<GridPoint> points = CostGrid.Of(predictions, ScenarioOf, sweeps, ArgumentReader.LargestGrid);
        foreach (GridPoint point in points)
        {
            tally.Add(point.Problem is null, point.Problem);
        }

        string name = predictions[0].Plan.Model.Name;
        string scenario = asked is null
            ? ": price over rate"
            : $", scenario {asked.Name} ({asked.Ownership.ToString().ToLowerInvariant()})";
        return CostGridTable.From(points, $"Cost of {name}, predicted{scenario}", LayersOf(asked));

        // A price that is not known leaves a row without a cost.
        Scenario ScenarioOf(RooflinePrediction prediction) =>
            questions.ScenarioOf(prediction.Hardware.Name)
            ?? PlainScenario.Of(prediction.Hardware.Name, PriceOf(prediction), UtilizationOf());
    }

    /// <summary>Refuses what a sweep of the grid would put another value in the place of, everywhere.</summary>
    private void CheckSwept(IReadOnlyList<(string Symbol, IReadOnlyList<double> Values)> sweeps)
    {
        string[] symbols = [.. sweeps.Select(sweep => sweep.Symbol == Sweep.Region ? Sweep.Tariff : sweep.Symbol)];
        if (symbols.GroupBy(symbol => symbol).FirstOrDefault(group => group.Count() > 1)?.Key is string twice)
        {
            throw new InputException(
                $"--sweep goes through {twice} twice, and a table has one value of it in a row; give each input once{(twice == Sweep.Tariff ? $" ({Sweep.Region} is {Sweep.Tariff}, too)" : "")}."
            );
        }

        string? option =
            questions.Options.Utilization is not null && symbols.Contains("util") ? "--utilization"
            : questions.Options.UsdPerHour is not null && symbols.Contains("rent") ? "--price-per-hour"
            : null;
        if (option is not null)
        {
            throw new InputException(
                $"{option} has no effect where --sweep puts other values in its place in every row; leave one of them out."
            );
        }
    }

    /// <summary>The layers that a scenario pays for apart: with a rent, only what is not in it.</summary>
    private static IReadOnlyList<CostLayerKind> LayersOf(Scenario? scenario) =>
        scenario?.Ownership switch
        {
            null => [],
            Ownership.Owned => CostLayers.Parts,
            _ =>
            [
                .. CostLayers
                    .Parts.Where(layer => layer.Id is "capital" or "labour" or "extras")
                    .Select(layer => layer.Id == "capital" ? layer with { Name = "rent" } : layer),
            ],
        };

    /// <summary>One prediction; where it is the only one, what does not fit ends the program after what can be said of it.</summary>
    private IEnumerable<ResultTable> Report(RooflinePrediction prediction, bool isAlone)
    {
        var source = new PredictedSteps(prediction);
        Scenario? scenario = questions.ScenarioOf(prediction.Hardware.Name);
        if (questions.Physics)
        {
            foreach (ResultTable table in CostReport.Physics(source, scenario, "predicted", questions.Explain))
            {
                yield return table;
            }
        }

        if (scenario is null)
        {
            yield return Plain([prediction]);
        }
        else if (prediction.Fits == false)
        {
            string why = "";
            try
            {
                _ = CostCaseFactory.Of(prediction, scenario);
            }
            catch (InputException problem)
            {
                why = problem.Message;
            }

            if (isAlone && !questions.Physics)
            {
                throw new InputException(why);
            }

            tally.Add(false, why);
        }
        else
        {
            CostCase priced = CostCaseFactory.Of(prediction, scenario);
            foreach (ResultTable table in CostReport.Of(priced, scenario, questions.Report, tally))
            {
                yield return table;
            }
        }

        if (questions.Levers is LeverSettings levers && prediction.Fits != false)
        {
            Scenario setting = questions.ScenarioOrPlain(
                prediction.Hardware.Name,
                PriceOf(prediction),
                UtilizationOf()
            );
            foreach (ResultTable table in CostReport.Levers(source, setting, levers, questions.Explain))
            {
                yield return table;
            }
        }
    }

    /// <summary>Prices over rates, a row for each prediction.</summary>
    private ResultTable Plain(IReadOnlyList<RooflinePrediction> predictions)
    {
        (RooflinePrediction Prediction, CostResult Cost)[] costs =
        [
            .. predictions.Select(prediction => (prediction, PredictionCost.Of(prediction, questions.Options))),
        ];
        foreach ((_, CostResult cost) in costs)
        {
            tally.Add(cost.Cost is not null, cost.Unavailable?.Detail);
        }

        return CostTable.From(costs, questions.Explain);
    }

    private Records.Figure PriceOf(RooflinePrediction prediction) =>
        questions.Options.UsdPerHour ?? PriceCatalogue.Find(prediction.Hardware);

    private Records.Figure UtilizationOf() => questions.Options.Utilization ?? PriceCatalogue.DefaultUtilization;
}
