using System.CommandLine;
using System.CommandLine.Parsing;
using GpuDecodeBench.Cli.Arguments;
using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Futures;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Reporting;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Cli.Commands;

/// <summary><c>cost outlook</c>: the floor, components by year, and when prices meet the floor.</summary>
internal sealed class CostOutlookCommand(CommandContext context)
{
    private const int LastYear = 2100;

    private readonly CandidateOptions _candidates = new("b200", "nvfp4");
    private readonly DecisionOptions _decision = new("owned");

    private readonly Option<string> _years = CommandOptions.Text(
        "--years",
        $"the years to project to, from {OutlookCatalogue.BaseYear}",
        "YEAR,…",
        "2026,2027,2028,2030,2032"
    );

    private readonly Option<string?> _priceNow = CommandOptions.Text(
        "--price-now",
        "a price of a million output tokens to hold against the floor, in place of the listed ones",
        "USD"
    );

    private readonly Option<string> _priceYear = CommandOptions.Text(
        "--price-year",
        "with --price-now: the year of the price",
        "YEAR",
        $"{OutlookCatalogue.BaseYear}"
    );

    private readonly Option<string> _draws = CommandOptions.Text(
        "--draws",
        "draws from the assumptions' ranges",
        "N",
        "5000"
    );

    private readonly Option<string> _seed = CommandOptions.Text("--seed", "the seed of the draws", "N", "1");
    private readonly Option<bool> _explain = new("--explain")
    {
        Description = "derive the floor, the last year, and when the first price meets it",
    };
    private readonly Option<string> _format = CommandOptions.Format();

    public Command Create()
    {
        var command = new Command(
            "outlook",
            """
            What becomes of a cost: the physical floor under it, part by part; ridge and use of arithmetic by generation; the
            components by year with their shares; and the year in which prices meet the floor, with its range.

            Examples:
              gpu-decode-bench cost outlook --model llama-3.1-70b
              gpu-decode-bench cost outlook --model llama-3.1-8b --gpu h200 --weights fp8 --price-now 0.1 --set price_halving=0.5/1/2 --explain
            """
        );
        _candidates.AddTo(command);
        _decision.AddTo(command);
        foreach (Option option in (Option[])[_years, _priceNow, _priceYear, _draws, _seed, _explain, _format])
        {
            command.Options.Add(option);
        }

        command.SetAction(Execute);
        return command;
    }

    private int Execute(ParseResult parsed)
    {
        OutputFormat format = CommandOptions.ReadFormat(parsed, _format, _explain);
        bool explain = parsed.GetValue(_explain);
        int draws = ScenarioOptions.ReadDraws(parsed.GetValue(_draws)!);
        int seed = ScenarioOptions.ReadSeed(parsed.GetValue(_seed)!);
        if (parsed.GetValue(_priceNow) is null)
        {
            GivenOptions.Refuse(
                parsed,
                "has no effect without --price-now, the price of that year; the listed prices have years of their own.",
                _priceYear
            );
        }

        IReadOnlyList<int> years = ArgumentReader.Counts("--years", parsed.GetValue(_years)!);
        if (years.FirstOrDefault(year => year > LastYear) is int late and > 0)
        {
            throw new InputException($"--years {late} is not accepted; give years up to {LastYear}.");
        }

        RooflinePrediction prediction = Choose(parsed);
        Scenario scenario = _decision.Read(parsed, prediction.Hardware.Name);
        DecodeStepPlan one = DecodeStepPlan.Create(
            prediction.Plan.Model,
            StepConditions.Uniform(
                prediction.Plan.Conditions.Formats,
                1,
                prediction.Plan.Conditions.ContextTokens[0],
                prediction.Plan.Conditions.TensorParallel
            )
        );
        var outlook = Outlook.Of(prediction, RooflinePrediction.Of(one, prediction.Hardware), scenario);
        CostConditions conditions = outlook.Batch.Conditions;
        IReadOnlyList<PricePoint> prices = Prices(parsed);
        _decision.CheckInfluence(parsed, scenario, symbol => outlook.DependsOn(symbol, prices[0]));
        Convergence[] convergences =
        [
            .. from price in prices
            from floor in (string[])[FloorEquations.Total, FloorEquations.Energy]
            let convergence = outlook.Converge(price, floor, draws, seed)
            where convergence is not null
            select convergence,
        ];
        ModelInput generation = scenario.Inputs.Single(input => input.Symbol == "generation_years");
        ResultTable[] tables =
        [
            OutlookTables.Floor(outlook, explain),
            OutlookTables.Generations(GenerationOutlook.Of(one, prediction.Plan), conditions),
            OutlookTables.Years(outlook.Project(years, draws, seed), conditions, explain),
            OutlookTables.Convergences(convergences, conditions, explain),
            .. OutlookCatalogue.Projections.Select(published => OutlookTables.Published(published, generation)),
        ];
        new ResultPrinter(context).Tables(tables, format);
        return ExitCodes.Done;
    }

    /// <summary>The batch at which a token is cheapest, on the device that was named.</summary>
    private RooflinePrediction Choose(ParseResult parsed)
    {
        ChoiceRequest request = _candidates.Read(parsed, _decision, null);
        if (request.Hardware.Count != 1)
        {
            throw new InputException("An outlook is of one device; give one name with --gpu.");
        }

        ChoiceResult result = DeviceChooser.Choose(request);
        return result.Ranked.Count > 0
            ? result.Ranked[0].Prediction!
            : throw new InputException(
                $"{result.Excluded[0].Device} cannot be projected: {result.Excluded[0].Reason}."
            );
    }

    private IReadOnlyList<PricePoint> Prices(ParseResult parsed) =>
        parsed.GetValue(_priceNow) is string text
            ?
            [
                new PricePoint(
                    "the given service",
                    ArgumentReader.Positive("--price-now", text, 1e6, "US dollars"),
                    ArgumentReader.Positive("--price-year", parsed.GetValue(_priceYear)!, LastYear, "years"),
                    "user"
                ),
            ]
            : OutlookCatalogue.Prices;
}
