using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Economics.Decisions;

/// <summary>
/// The instances that a day's traffic needs and their bill. The number follows from the scenario's utilisation and from the peak; the
/// bill is made at the utilisation that whole instances then have. Where a token must come within a time, prefill takes turns with decode
/// only where the limit holds with the turns, and has instances of its own where that is cheaper or the only way.
/// </summary>
public sealed class FleetBill
{
    private FleetBill(CostStack stack, double wanted, PrefillPlace prefill)
    {
        Stack = stack;
        Prefill = prefill;
        WantedUtilization = wanted;
    }

    /// <summary>The cost by layers at the fleet's own utilisation, with the symbols of <see cref="FleetEquations"/>.</summary>
    public CostStack Stack { get; }

    /// <summary>The busy share that the scenario allows.</summary>
    public double WantedUtilization { get; }

    /// <summary>Where input tokens are taken in.</summary>
    public PrefillPlace Prefill { get; }

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
    /// <param name="prefill">Where input tokens are taken in.</param>
    /// <exception cref="InputException">The traffic has input tokens, and how fast they are taken in is not known.</exception>
    public static FleetBill Of(
        Scenario scenario,
        TrafficDemand demand,
        Func<Scenario, (IReadOnlyList<ModelInput> Inputs, IReadOnlyList<Equation> Equations), CostStack> price,
        PrefillPlace prefill = PrefillPlace.InTurn
    )
    {
        ArgumentNullException.ThrowIfNull(scenario);
        ArgumentNullException.ThrowIfNull(demand);
        ArgumentNullException.ThrowIfNull(price);
        IReadOnlyList<ModelInput> inputs = Inputs(scenario, demand, prefill);
        CostStack sized = price(scenario, (inputs, FleetEquations.All));
        if (WhyNot(sized, demand) is string reason)
        {
            throw new InputException($"The fleet of {sized.Conditions.Hardware} is not known: {reason}.");
        }

        // The equations give the utilisation of whole instances; the scenario has it, too, as the bill's conditions are made of that.
        ModelInput wanted = scenario.Utilization;
        var actual = new ModelInput(
            "util",
            wanted.Name,
            "1",
            sized.Evaluation[FleetEquations.Use],
            ProvenanceNote.Derived("what is busy over what is paid, with whole instances")
        );
        Scenario billed = scenario with
        {
            Inputs = [.. scenario.Inputs.Select(input => input.Symbol == "util" ? actual : input)],
        };
        return new FleetBill(price(billed, (inputs, FleetEquations.All)), wanted.Value!.Value, prefill);
    }

    /// <summary>Where input tokens may be taken in: with a limit on the time between tokens, apart from decode, too.</summary>
    /// <param name="demand">The traffic; null for none.</param>
    /// <param name="longestStepMilliseconds">The limit; null for none.</param>
    internal static IReadOnlyList<PrefillPlace> Places(TrafficDemand? demand, double? longestStepMilliseconds) =>
        demand is { InputTokensPerDay: > 0 } && longestStepMilliseconds is not null
            ? [PrefillPlace.InTurn, PrefillPlace.Apart]
            : [PrefillPlace.InTurn];

    /// <summary>The inputs of <see cref="FleetEquations"/> beside those of a cost.</summary>
    internal static IReadOnlyList<ModelInput> Inputs(Scenario scenario, TrafficDemand demand, PrefillPlace prefill)
    {
        ModelInput wanted = scenario.Utilization;
        return
        [
            .. demand.Inputs,
            new ModelInput(
                "util_wanted",
                "busy share that the scenario allows",
                wanted.Unit.Text,
                wanted.Value,
                wanted.Provenance
            )
            {
                Low = wanted.Low,
                High = wanted.High,
            },
            new ModelInput(
                FleetEquations.Apart,
                "whether prefill has instances of its own",
                "1",
                ApartValue(prefill),
                ProvenanceNote.Derived(
                    prefill == PrefillPlace.Apart
                        ? "the cheaper way to keep the time between tokens"
                        : "prefill takes turns with decode"
                )
            ),
        ];
    }

    /// <summary>The value of <c>prefill_apart</c>.</summary>
    internal static double ApartValue(PrefillPlace prefill) => prefill == PrefillPlace.Apart ? 1 : 0;
}
