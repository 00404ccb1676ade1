using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Layers;

/// <summary>
/// What a case costs in a scenario, layer by layer, with its conditions. The equations behind it are at hand: every figure can be
/// explained, and changed inputs give changed figures.
/// </summary>
public sealed class CostStack
{
    private CostStack(CostCase priced, Scenario scenario, EquationSystem system)
    {
        Case = priced;
        Scenario = scenario;
        System = system;
        Evaluation = system.Evaluate();
        Figure total = Evaluation.Figure(CostLayers.Total.Symbol);
        Layers = [.. CostLayers.Parts.Select(kind => Layer(kind, total))];
        Total = Layer(CostLayers.Total, total);
    }

    /// <summary>What is priced.</summary>
    public CostCase Case { get; }

    /// <summary>The scenario.</summary>
    public Scenario Scenario { get; }

    /// <summary>The conditions without which none of these figures is shown.</summary>
    public CostConditions Conditions => Case.Conditions;

    /// <summary>The equations and their inputs.</summary>
    public EquationSystem System { get; }

    /// <summary>All values.</summary>
    public Evaluation Evaluation { get; }

    /// <summary>The layers; they add up to <see cref="Total"/>.</summary>
    public IReadOnlyList<CostLayer> Layers { get; }

    /// <summary>All layers together.</summary>
    public CostLayer Total { get; }

    /// <summary>Prices a case in a scenario.</summary>
    /// <param name="priced">The case; its utilisation is that of its conditions.</param>
    /// <param name="scenario">The scenario.</param>
    /// <param name="more">More equations and inputs over the same symbols, for example of the physics; null for none.</param>
    /// <exception cref="ArgumentException">The case's inputs contradict its conditions.</exception>
    /// <exception cref="FormatException">Inputs and equations do not fit together.</exception>
    public static CostStack Create(
        CostCase priced,
        Scenario scenario,
        (IReadOnlyList<ModelInput> Inputs, IReadOnlyList<Equation> Equations)? more = null
    )
    {
        ArgumentNullException.ThrowIfNull(priced);
        ArgumentNullException.ThrowIfNull(scenario);
        ModelInput? utilization = priced.Inputs.FirstOrDefault(input => input.Symbol == "util");
        if (utilization is null || utilization.BaseValue != priced.Conditions.Utilization)
        {
            throw new ArgumentException(
                $"The input util must be the conditions' utilisation, {priced.Conditions.Utilization}.",
                nameof(priced)
            );
        }

        // What a question brings along goes before what the case knows itself (a measured power, its utilisation), and that before what
        // the scenario assumes.
        IReadOnlyList<ModelInput> asked = more?.Inputs ?? [];
        IReadOnlyList<Equation> questions = more?.Equations ?? [];
        ModelInput[] own = [.. priced.Inputs.Where(input => !Has(asked, input.Symbol) && !IsAsked(input.Symbol))];
        return new CostStack(
            priced,
            scenario,
            EquationSystem.Create(
                [
                    .. own,
                    .. scenario.Inputs.Where(input =>
                        !Has(asked, input.Symbol) && !Has(own, input.Symbol) && !IsAsked(input.Symbol)
                    ),
                    .. asked,
                ],
                [
                    .. priced.Equations.Where(equation => questions.All(other => other.Symbol != equation.Symbol)),
                    .. LayerEquations.For(scenario.Ownership, scenario.Facility),
                    .. questions,
                ]
            )
        );

        bool IsAsked(string symbol) => questions.Any(equation => equation.Symbol == symbol);
    }

    private static bool Has(IReadOnlyList<ModelInput> inputs, string symbol) =>
        inputs.Any(input => input.Symbol == symbol);

    private CostLayer Layer(CostLayerKind kind, Figure total)
    {
        Figure hourly = Evaluation.Figure(kind.Symbol);
        return new CostLayer(
            kind,
            hourly,
            Evaluation.Figure(kind.TokenSymbol),
            Evaluation.Figure(kind.InputTokenSymbol),
            total.Value is > 0 && hourly.Value is double value ? value / total.Value : null,
            Scenario.Ownership == Ownership.Rented && kind.Id is "power" or "facility" or "nand" or "network"
        )
        {
            Name = System.Equations.FirstOrDefault(equation => equation.Symbol == kind.Symbol)?.Name ?? kind.Name,
        };
    }
}
