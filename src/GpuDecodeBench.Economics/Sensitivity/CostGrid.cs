using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Economics.Sensitivity;

/// <summary>
/// A grid of predictions, crossed with sweeps of scenario inputs, each point priced. A point that does not fit, or whose price is not
/// known, stays in the grid and says so.
/// </summary>
public static class CostGrid
{
    /// <summary>The points, predictions outermost.</summary>
    /// <param name="predictions">The predictions.</param>
    /// <param name="scenarioOf">The scenario of a prediction's device.</param>
    /// <param name="sweeps">Inputs to sweep: a symbol with its values, or <see cref="Sweep.Region"/> with none for all regions.</param>
    /// <param name="largest">The most points that are accepted.</param>
    /// <exception cref="InputException">A sweep names no input, a value makes no sense, or there are too many points.</exception>
    public static IReadOnlyList<GridPoint> Of(
        IReadOnlyList<RooflinePrediction> predictions,
        Func<RooflinePrediction, Scenario> scenarioOf,
        IReadOnlyList<(string Symbol, IReadOnlyList<double> Values)> sweeps,
        int largest
    )
    {
        ArgumentNullException.ThrowIfNull(predictions);
        ArgumentNullException.ThrowIfNull(scenarioOf);
        ArgumentNullException.ThrowIfNull(sweeps);
        long points = predictions.Count;
        foreach ((string symbol, IReadOnlyList<double> values) in sweeps)
        {
            points *= symbol == Sweep.Region ? AssumptionCatalogue.Regions.Count() : values.Count;
        }

        if (points > largest)
        {
            throw new InputException($"The grid has {points} points; at most {largest} are accepted.");
        }

        Priced[] priced = [.. predictions.Select(prediction => Price(prediction, scenarioOf(prediction)))];
        CheckInfluence([.. priced.Select(one => one.Stack).OfType<CostStack>()], sweeps);
        return [.. priced.SelectMany(one => Points(one, sweeps))];
    }

    private sealed record Priced(RooflinePrediction Prediction, Scenario Scenario, CostStack? Stack, string? Problem);

    private static Priced Price(RooflinePrediction prediction, Scenario scenario)
    {
        prediction = prediction.Within(scenario);
        try
        {
            return new Priced(
                prediction,
                scenario,
                CostStack.Create(CostCaseFactory.Of(prediction, scenario), scenario),
                null
            );
        }
        catch (InputException exception) when (prediction.Fits == false)
        {
            return new Priced(prediction, scenario, null, exception.Message);
        }
    }

    /// <summary>Refuses a sweep that would repeat every row.</summary>
    private static void CheckInfluence(
        CostStack[] stacks,
        IReadOnlyList<(string Symbol, IReadOnlyList<double> Values)> sweeps
    )
    {
        foreach ((string symbol, _) in sweeps)
        {
            // An input that there is not is refused by its name.
            bool isKnown =
                symbol == Sweep.Region
                || stacks.Any(stack => stack.Scenario.Inputs.Any(input => input.Symbol == symbol));
            if (isKnown && stacks.Length > 0 && stacks.All(stack => Sweep.WhyNoEffect(stack, symbol) is not null))
            {
                throw new InputException($"--sweep '{symbol}' {Sweep.WhyNoEffect(stacks[0], symbol)}");
            }
        }
    }

    private static IEnumerable<GridPoint> Points(
        Priced priced,
        IReadOnlyList<(string Symbol, IReadOnlyList<double> Values)> sweeps
    )
    {
        (RooflinePrediction prediction, Scenario scenario, CostStack? stack, string? problem) = priced;
        foreach ((IReadOnlyDictionary<string, ModelInput> swept, string? region) in Combinations(scenario, sweeps))
        {
            Evaluation? values = stack?.System.Evaluate(
                swept.Values.ToDictionary(input => input.Symbol, input => input.Value!.Value)
            );
            string? missing =
                values is not null && values.Figure(CostLayers.Total.TokenSymbol) is { Value: null } total
                    ? total.Provenance.Detail
                    : problem;
            double utilization = swept.TryGetValue("util", out ModelInput? changed)
                ? changed.BaseValue
                : scenario.Utilization.BaseValue;
            yield return new GridPoint(
                prediction,
                swept,
                region,
                utilization,
                missing is null ? values : null,
                missing
            );
        }
    }

    private static IEnumerable<(IReadOnlyDictionary<string, ModelInput> Swept, string? Region)> Combinations(
        Scenario scenario,
        IReadOnlyList<(string Symbol, IReadOnlyList<double> Values)> sweeps
    )
    {
        IEnumerable<(Dictionary<string, ModelInput> Swept, string? Region)> all = [([], null)];
        foreach ((string symbol, IReadOnlyList<double> values) in sweeps)
        {
            (ModelInput Input, string? Region)[] choices = [.. Choices(scenario, symbol, values)];
            all =
            [
                .. all.SelectMany(start =>
                    choices.Select(choice =>
                        (
                            new Dictionary<string, ModelInput>(start.Swept) { [choice.Input.Symbol] = choice.Input },
                            choice.Region ?? start.Region
                        )
                    )
                ),
            ];
        }

        return all.Select(pair => ((IReadOnlyDictionary<string, ModelInput>)pair.Swept, pair.Region));
    }

    private static IEnumerable<(ModelInput Input, string? Region)> Choices(
        Scenario scenario,
        string symbol,
        IReadOnlyList<double> values
    )
    {
        string name = symbol == Sweep.Region ? Sweep.Tariff : symbol;
        ModelInput input =
            scenario.Inputs.FirstOrDefault(candidate => candidate.Symbol == name)
            ?? throw new InputException(
                $"'{symbol}' is no input of the scenario; known are {string.Join(", ", scenario.Inputs.Select(known => known.Symbol))}."
            );
        if (symbol == Sweep.Region)
        {
            return AssumptionCatalogue
                .All.Where(assumption => assumption is { Symbol: Sweep.Tariff, For: not null })
                .OrderBy(assumption => assumption.Likely)
                .Select(assumption => (input with { Value = assumption.Likely }, assumption.For));
        }

        return values.Select(value =>
            AcceptedRange.WhyNot(symbol, value) is string accepted
                ? throw new InputException($"{symbol} ({input.Name}) cannot be {value}; {accepted} is accepted.")
                : (input with { Value = value }, (string?)null)
        );
    }
}
