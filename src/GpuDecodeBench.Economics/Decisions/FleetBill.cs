using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Economics.Decisions;

/// <summary>
/// The instances that a day's traffic needs and their bill. The number follows from the scenario's utilisation and from the peak; the
/// bill is made at the utilisation that whole instances then have.
/// </summary>
public sealed class FleetBill
{
    private FleetBill(CostStack stack, double wanted)
    {
        Stack = stack;
        WantedUtilization = wanted;
    }

    /// <summary>The cost by layers at the fleet's own utilisation, with the symbols of <see cref="FleetEquations"/>.</summary>
    public CostStack Stack { get; }

    /// <summary>The busy share that the scenario allows.</summary>
    public double WantedUtilization { get; }

    /// <summary>All values.</summary>
    public Evaluation Values => Stack.Evaluation;

    /// <summary>Why a bill of some traffic cannot be made of a cost; null where it can.</summary>
    /// <param name="stack">The cost of an instance.</param>
    /// <param name="demand">The traffic; null for none.</param>
    internal static string? WhyNot(CostStack stack, TrafficDemand? demand) =>
        demand is { InputTokensPerDay: > 0 } && stack.Evaluation.Figure("tok_in_paid") is { Value: null } rate
            ? $"how fast it takes in input tokens is not known ({rate.Provenance.Detail ?? rate.Provenance.Reason}); --input-tokens-per-day 0 leaves prefill out"
            : null;

    /// <summary>Makes the bill.</summary>
    /// <param name="scenario">The scenario, with a <c>peak_to_mean</c>.</param>
    /// <param name="demand">The traffic.</param>
    /// <param name="price">Prices an instance in a scenario with more inputs and equations: a measured point or a prediction.</param>
    /// <exception cref="InputException">The traffic has input tokens, and how fast they are taken in is not known.</exception>
    public static FleetBill Of(
        Scenario scenario,
        TrafficDemand demand,
        Func<Scenario, (IReadOnlyList<ModelInput> Inputs, IReadOnlyList<Equation> Equations), CostStack> price
    )
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(demand);
        ArgumentNullException.ThrowIfNull(price);
        ModelInput wanted = scenario.Inputs.Single(input => input.Symbol == "util");
        IReadOnlyList<ModelInput> inputs =
        [
            .. demand.Inputs,
            new ModelInput(
                "util_wanted",
                "busy share that the scenario allows",
                wanted.Unit.Text,
                wanted.Value,
                wanted.Provenance
            ),
        ];
        CostStack sized = price(scenario, (inputs, FleetEquations.All));
        if (WhyNot(sized, demand) is string reason)
        {
            throw new InputException($"The fleet of {sized.Conditions.Hardware} is not known: {reason}.");
        }

        double share = sized.Evaluation["fleet_util"];
        var actual = new ModelInput(
            "util",
            wanted.Name,
            "1",
            share,
            ProvenanceNote.Derived("what is busy over what is paid, with whole instances")
        );
        Scenario billed = scenario with
        {
            Inputs = [.. scenario.Inputs.Select(input => input.Symbol == "util" ? actual : input)],
        };
        return new FleetBill(price(billed, (inputs, FleetEquations.All)), wanted.Value!.Value);
    }
}
