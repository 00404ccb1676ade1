using System.CommandLine;
using System.Globalization;
using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Economics.Sensitivity;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>
/// Reads what a model costs that traffic can be sent to: a price, <c>OUT[,IN]</c> in dollars per million tokens; a run record, of which
/// the cheapest valid point counts; or <c>MODEL@GPU</c>, of which the cheapest predicted batch counts.
/// </summary>
internal sealed class RouteTargets(CandidateOptions candidates, DecisionOptions decision, double inputRatio)
{
    private const string Accepted =
        "a price OUT or OUT,IN in US dollars for a million tokens, a run record, or MODEL@GPU for a prediction";

    private readonly List<(EquationSystem System, Scenario Scenario)> _priced = [];

    /// <summary>The scenario of the first cost that was computed; null where every cost is a given price.</summary>
    public Scenario? Scenario => _priced.Count > 0 ? _priced[0].Scenario : null;

    /// <summary>Whether a cost that was read is computed from an input of the scenario.</summary>
    /// <param name="symbol">The input's symbol.</param>
    public bool DependOn(string symbol)
    {
        string[] without = inputRatio > 0 ? [] : [CostLayers.Total.InputTokenSymbol];
        // The ratio of a route is its own option's.
        return symbol != "input_ratio"
            && _priced.Any(priced =>
                Influence.OnAny(
                    priced.System,
                    Influence.CarrierOf(symbol),
                    [BuyEquations.Own, PredictedCase.StepTime, PredictedCase.MemoryUse],
                    without
                )
            );
    }

    /// <summary>Whether a cost is to be predicted.</summary>
    public static bool IsPrediction(string text) => text.Contains('@', StringComparison.Ordinal);

    /// <summary>Whether a cost is that of a run record.</summary>
    public static bool IsRecord(string text) =>
        !IsPrediction(text) && text.Split(',').Any(part => Number(part) is null) && File.Exists(text);

    /// <summary>Holds prices of devices against the devices of all costs together.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="decision">The options with the prices.</param>
    /// <param name="costs">The costs as they were given.</param>
    public static void CheckPrices(ParseResult parsed, DecisionOptions decision, IReadOnlyList<string> costs)
    {
        IEnumerable<string> predicted = costs
            .Where(IsPrediction)
            .Select(text => HardwareCatalogue.Find(text.Split('@')[1]).Name);
        IEnumerable<string> measured = costs
            .Where(IsRecord)
            .Select(path => DecisionOptions.NameOf(RunRecordStore.Read(path)));
        decision.CheckPrices(parsed, [.. predicted.Concat(measured).Distinct()]);
    }

    /// <summary>Reads a cost.</summary>
    /// <param name="parsed">The command line.</param>
    /// <param name="argument">The argument's name.</param>
    /// <param name="symbol">The symbol of the cost.</param>
    /// <param name="text">What was given.</param>
    public RouteTarget Read(ParseResult parsed, string argument, string symbol, string text)
    {
        if (IsPrediction(text))
        {
            return OfPrediction(parsed, argument, symbol, text);
        }

        double?[] prices = [.. text.Split(',').Select(Number)];
        if (prices.All(price => price is not null))
        {
            return OfPrice(argument, symbol, text, prices);
        }

        return File.Exists(text)
            ? OfRecord(parsed, argument, symbol, text)
            : throw new InputException($"{argument} '{text}' is not accepted; give {Accepted}.");
    }

    private RouteTarget OfPrice(string argument, string symbol, string text, double?[] prices)
    {
        if (prices.Length > 2 || prices.Any(price => price is not > 0))
        {
            throw new InputException($"{argument} '{text}' is not accepted; give {Accepted}.");
        }

        if (prices.Length == 1 && inputRatio > 0)
        {
            throw new InputException($"--input-ratio needs the price of input tokens, too: {argument} OUT,IN.");
        }

        double cost = EquationSystem
            .Create(
                BuyEquations.Inputs(prices[0]!.Value, prices.Length == 2 ? prices[1]!.Value : 0, inputRatio),
                BuyEquations.All.Where(equation => equation.Symbol == BuyEquations.Api)
            )
            .Evaluate()[BuyEquations.Api];
        return new RouteTarget(
            $"{argument[2..]} model, bought",
            "a seller's price; model, precision, context, batch, utilisation and hardware are the seller's",
            Cost(symbol, argument, cost, UserFigure.Note(argument))
        );
    }

    private RouteTarget OfRecord(ParseResult parsed, string argument, string symbol, string path)
    {
        RunRecord record = RunRecordStore.Read(path);
        Scenario scenario = decision.ReadOf(parsed, record);
        return OfChoice(
            argument,
            symbol,
            PointChooser.Choose(record, scenario, candidates.Limit(parsed), null, includeInvalid: false)
        );
    }

    private RouteTarget OfPrediction(ParseResult parsed, string argument, string symbol, string text)
    {
        string[] sides = text.Split('@');
        return sides.Length == 2
            ? OfChoice(
                argument,
                symbol,
                DeviceChooser.Choose(
                    candidates.Read(
                        parsed,
                        decision,
                        null,
                        ModelCatalogue.Resolve(sides[0]),
                        [HardwareCatalogue.Find(sides[1])]
                    )
                )
            )
            : throw new InputException($"{argument} '{text}' is not accepted; give {Accepted}.");
    }

    private RouteTarget OfChoice(string argument, string symbol, ChoiceResult result)
    {
        if (result.Ranked.Count == 0)
        {
            string why = result.Excluded.Count > 0 ? $": {result.Excluded[0].Reason}" : "";
            throw new InputException($"{argument} has no cost within the limits{why}.");
        }

        Choice choice = result.Ranked[0];
        var system = EquationSystem.Create(
            [
                .. choice.Stack.System.Inputs.Where(input => input.Symbol != "input_ratio"),
                new ModelInput(
                    "input_ratio",
                    "input tokens for each output token",
                    "1",
                    inputRatio,
                    UserFigure.Note("--input-ratio")
                ),
            ],
            [
                .. choice.Stack.System.Equations,
                .. BuyEquations.All.Where(equation => equation.Symbol == BuyEquations.Own),
            ]
        );
        _priced.Add((system, choice.Stack.Scenario));
        Evaluation values = system.Evaluate();
        Figure own = values.Figure(BuyEquations.Own);
        return new RouteTarget(
            $"{argument[2..]} model, {choice.Conditions.Model}",
            choice.Conditions.Describe(),
            Cost(
                symbol,
                argument,
                own.Value
                    ?? throw new InputException(
                        $"{argument}: input tokens cannot be priced ({own.Provenance.Detail}), so --input-ratio must be 0."
                    ),
                own.Provenance
            )
        )
        {
            Choice = choice,
        };
    }

    private static ModelInput Cost(string symbol, string argument, double cost, ProvenanceNote note) =>
        new(symbol, $"cost of the {argument[2..]} model", "$/Mtok", cost, note);

    private static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
        && double.IsFinite(value)
            ? value
            : null;
}
