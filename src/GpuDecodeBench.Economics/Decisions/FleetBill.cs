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

    /// <summary>Makes the bill.</summary>
    /// <param name="scenario">The scenario, with a <c>peak_to_mean</c>.</param>
    /// <param name="demand">The traffic.</param>
    /// <param name="price">Prices an instance in a scenario with more inputs and equations: a measured point or a prediction.</param>
    /// <exception cref="InputException">The traffic has input tokens, and their cost is not known; or nothing has a price.</exception>
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
        Figure busy = sized.Evaluation.Figure("fleet_util");
        if (busy.Value is not double share)
        {
            throw new InputException(
                $"How many instances are needed is not known: {busy.Provenance.Detail ?? busy.Provenance.Reason}; give --input-tokens-per-day 0 to leave prefill out."
            );
        }

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
