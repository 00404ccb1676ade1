using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Economics.Decisions;

/// <summary>A routing of traffic with what it costs.</summary>
public sealed class RouteDecision
{
    private RouteDecision(EquationSystem system, RouteTarget large, RouteTarget? small)
    {
        System = system;
        Values = system.Evaluate();
        Large = large;
        Small = small;
    }

    /// <summary>The equations and their inputs.</summary>
    public EquationSystem System { get; }

    /// <summary>All values.</summary>
    public Evaluation Values { get; }

    /// <summary>The large model.</summary>
    public RouteTarget Large { get; }

    /// <summary>The small model; null where none is used.</summary>
    public RouteTarget? Small { get; }

    /// <summary>Computes a routing.</summary>
    /// <param name="large">The large model; its cost has the symbol <c>cost_large</c>.</param>
    /// <param name="small">The small model, <c>cost_small</c>; null for none.</param>
    /// <param name="shares">Shares and escalations, each from 0 to 1: <c>share_device</c>, <c>share_small</c>, <c>escalate_device</c>, <c>escalate_small</c>, and <c>router_usd</c>.</param>
    /// <param name="assumptions">What is assumed of the user's device.</param>
    /// <exception cref="InputException">The shares exceed the whole, or traffic is sent to a small model and there is none.</exception>
    public static RouteDecision Of(
        RouteTarget large,
        RouteTarget? small,
        IReadOnlyList<ModelInput> shares,
        IReadOnlyList<ModelInput> assumptions
    )
    {
        ArgumentNullException.ThrowIfNull(large);
        ArgumentNullException.ThrowIfNull(shares);
        ArgumentNullException.ThrowIfNull(assumptions);
        double device = Value(shares, "share_device");
        double smaller = Value(shares, "share_small");
        if (device + smaller > 1 + 1e-12)
        {
            throw new InputException(
                $"The shares of the device ({device}) and of the small model ({smaller}) exceed the whole; together they may be 1 at most."
            );
        }

        if (smaller > 0 && small is null)
        {
            throw new InputException("--small-share sends traffic to a small model; give its cost with --small.");
        }

        ModelInput smallCost =
            small?.Cost
            ?? new ModelInput(
                "cost_small",
                "cost of the small model",
                "$/Mtok",
                null,
                ProvenanceNote.Unavailable("notGiven", "no small model is used")
            );
        return new RouteDecision(
            EquationSystem.Create([large.Cost, smallCost, .. shares, .. assumptions], RouteEquations.All),
            large,
            small
        );
    }

    private static double Value(IReadOnlyList<ModelInput> inputs, string symbol) =>
        inputs.Single(input => input.Symbol == symbol).Value!.Value;
}
