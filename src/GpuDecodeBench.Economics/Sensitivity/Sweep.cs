using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Economics.Sensitivity;

/// <summary>What a result becomes when one input goes through several values and everything else stays.</summary>
public static class Sweep
{
    /// <summary>The name that sweeps the electricity price over all known regions.</summary>
    public const string Region = "region";

    /// <summary>The symbol of the electricity price, which is what differs between regions.</summary>
    public const string Tariff = "tariff";

    /// <summary>A sweep over values.</summary>
    /// <param name="system">The equations.</param>
    /// <param name="symbol">The input.</param>
    /// <param name="values">Its values, in its own unit.</param>
    /// <exception cref="InputException">There is no such input, or a value makes no sense.</exception>
    public static IReadOnlyList<SweepPoint> Over(EquationSystem system, string symbol, IEnumerable<double> values)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(values);
        ModelInput input = Input(system, symbol);
        return [.. values.Select(value => Point(system, input, value, null))];
    }

    /// <summary>A sweep of the electricity price over all known regions, the cheapest first.</summary>
    /// <param name="system">The equations.</param>
    /// <exception cref="InputException">The system has no electricity price.</exception>
    public static IReadOnlyList<SweepPoint> OverRegions(EquationSystem system)
    {
        ArgumentNullException.ThrowIfNull(system);
        ModelInput tariff = Input(system, Tariff);
        return
        [
            .. AssumptionCatalogue
                .All.Where(assumption => assumption is { Symbol: Tariff, For: not null })
                .OrderBy(assumption => assumption.Likely)
                .Select(assumption => Point(system, tariff, assumption.Likely, assumption.For)),
        ];
    }

    /// <summary>Why a sweep would repeat one figure, as the rest of a sentence; null where the cost depends on the input.</summary>
    /// <param name="stack">The cost.</param>
    /// <param name="symbol">The input, or <see cref="Region"/>.</param>
    public static string? WhyNoEffect(CostStack stack, string symbol)
    {
        ArgumentNullException.ThrowIfNull(stack);
        string swept = symbol == Region ? Tariff : symbol;
        return Influence.Has(stack.System, swept) ? null : Influence.WhyNone(stack.System, stack.Scenario, swept);
    }

    private static SweepPoint Point(EquationSystem system, ModelInput input, double value, string? label) =>
        AcceptedRange.WhyNot(input.Symbol, value) is string accepted
            ? throw new InputException($"{input.Symbol} ({input.Name}) cannot be {value}; {accepted} is accepted.")
            : new SweepPoint(
                input,
                value,
                label,
                system.Evaluate(new Dictionary<string, double> { [input.Symbol] = value })
            );

    private static ModelInput Input(EquationSystem system, string symbol) =>
        system.Inputs.FirstOrDefault(input => input.Symbol == symbol)
        ?? throw new InputException(
            $"'{symbol}' is no input of this cost; known are {string.Join(", ", system.Inputs.Select(input => input.Symbol))}."
        );
}
