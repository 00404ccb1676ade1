using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;

namespace GpuDecodeBench.Economics.Sensitivity;

/// <summary>Whether an input of a scenario changes anything that is asked for, by the equations themselves.</summary>
public static class Influence
{
    private static readonly string[] s_costs =
    [
        CostLayers.Total.Symbol,
        CostLayers.Total.TokenSymbol,
        CostLayers.Total.InputTokenSymbol,
    ];

    /// <summary>Whether the cost, or another result that is shown, is computed from an input.</summary>
    /// <param name="system">The equations of the cost.</param>
    /// <param name="symbol">The input's symbol.</param>
    /// <param name="alsoShown">Other results that are shown; those that the system does not have are left out.</param>
    public static bool Has(EquationSystem system, string symbol, params IReadOnlyList<string> alsoShown)
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(alsoShown);
        return OnAny(system, symbol, [.. s_costs, .. alsoShown]);
    }

    /// <summary>Whether any of some results is computed from an input, or from what was made of it.</summary>
    /// <param name="system">The equations.</param>
    /// <param name="symbol">The symbol in the scenario.</param>
    /// <param name="results">The results; those that the system does not have are left out.</param>
    /// <param name="without">Symbols that are of no account; see <see cref="EquationSystem.DependsOn"/>.</param>
    public static bool OnAny(
        EquationSystem system,
        string symbol,
        IReadOnlyList<string> results,
        params IReadOnlyList<string> without
    )
    {
        ArgumentNullException.ThrowIfNull(system);
        ArgumentNullException.ThrowIfNull(results);
        return system.Defines(symbol)
            && results.Any(result => system.Defines(result) && system.DependsOn(result, symbol, without));
    }

    /// <summary>
    /// The input of a cost that a share of the scenario is worked into when the cost is made, so that no equation shows the share
    /// itself; any other symbol as it is.
    /// </summary>
    /// <param name="symbol">The symbol in the scenario.</param>
    public static string CarrierOf(string symbol) =>
        symbol switch
        {
            "busy_fraction" => "p_busy",
            "idle_fraction" => "p_idle",
            _ => symbol,
        };

    /// <summary>Why an input changes nothing and which ones do, as the rest of a sentence that has named it.</summary>
    /// <param name="system">The equations of the cost.</param>
    /// <param name="scenario">Their scenario.</param>
    /// <param name="symbol">The input's symbol.</param>
    /// <param name="alsoShown">Other results that are shown.</param>
    public static string WhyNone(
        EquationSystem system,
        Scenario scenario,
        string symbol,
        params IReadOnlyList<string> alsoShown
    )
    {
        ArgumentNullException.ThrowIfNull(scenario);
        if (CarrierOf(symbol) is string carrier && carrier != symbol && Has(system, carrier, alsoShown))
        {
            return $"cannot be changed here: {carrier} was made of it; give it in a scenario file, one value at a time.";
        }

        return WhyNone(scenario, symbol, other => Has(system, other, alsoShown));
    }

    /// <summary>The same where something else than the equations of one cost says which inputs count.</summary>
    /// <param name="scenario">The scenario.</param>
    /// <param name="symbol">The input's symbol.</param>
    /// <param name="counts">Whether an input of the scenario counts.</param>
    public static string WhyNone(Scenario scenario, string symbol, Func<string, bool> counts)
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(counts);
        string name = scenario.Inputs.FirstOrDefault(input => input.Symbol == symbol)?.Name ?? symbol;
        string rent =
            IsInTheRent(scenario, symbol) && counts("rent")
                ? ", which is part of the rent (--scenario owned has it apart)"
                : "";
        string[] others = [.. scenario.Inputs.Select(input => input.Symbol).Where(counts)];
        return $"has no effect: nothing here depends on {symbol} ({name}){rent}; what counts is {(others.Length > 0 ? string.Join(", ", others) : "no input of the scenario")}.";
    }

    /// <summary>Whether an input would count on hardware of one's own, and the scenario rents.</summary>
    private static bool IsInTheRent(Scenario scenario, string symbol)
    {
        return scenario.Ownership == Ownership.Rented && Has(Ownership.Owned) && !Has(Ownership.Rented);

        bool Has(Ownership ownership) =>
            LayerEquations
                .For(ownership, scenario.Facility)
                .Any(equation => equation.Formula.Split([' ', '(', ')', ',']).Contains(symbol));
    }
}
