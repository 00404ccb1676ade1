using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Decisions;

/// <summary>
/// Traffic shared among a model on the user's own device, a small one and a large one. What a smaller model cannot answer goes on to the
/// large one, and both are paid. Inputs: <c>share_device</c>, <c>share_small</c>, <c>escalate_device</c>, <c>escalate_small</c> [1],
/// <c>cost_small</c>, <c>cost_large</c>, <c>router_usd</c> [$/Mtok], <c>device_energy</c> [J/tok], <c>device_tariff</c> [$/kWh],
/// <c>charge_efficiency</c> [1].
/// </summary>
public static class RouteEquations
{
    /// <summary>The symbol of the blended cost.</summary>
    public const string Blended = "route_all";

    /// <summary>The equations.</summary>
    public static IReadOnlyList<Equation> All { get; } =
    [
        new(
            "cost_device",
            "electricity of a million tokens on the user's device",
            "$/Mtok",
            "device_energy × device_tariff / charge_efficiency",
            "the device itself is the user's, and its wear is not counted"
        ),
        new("share_large", "share sent to the large model at once", "1", "1 - share_device - share_small"),
        new(
            "route_device",
            "on the device, with what it escalates",
            "$/Mtok",
            "share_device × (cost_device + escalate_device × cost_large)",
            "what is escalated is answered twice and paid twice"
        ),
        new(
            "route_small",
            "on the small model, with what it escalates",
            "$/Mtok",
            "if(share_small = 0, 0[$/Mtok], share_small × (cost_small + escalate_small × cost_large))",
            "what is escalated is answered twice and paid twice"
        ),
        new("route_large", "on the large model at once", "$/Mtok", "share_large × cost_large"),
        new(
            Blended,
            "blended cost of a million answered tokens",
            "$/Mtok",
            "router_usd + route_device + route_small + route_large"
        ),
        new("route_saved", "saved against all on the large model", "$/Mtok", "cost_large - route_all"),
        new("route_saved_share", "saved, of all on the large model", "%", "route_saved / cost_large"),
        new(
            "large_traffic",
            "tokens that the large model makes, of all",
            "%",
            "share_large + share_device × escalate_device + share_small × escalate_small"
        ),
        Escalation("device"),
        Escalation("small"),
        Share("device"),
        Share("small"),
    ];

    private static Equation Escalation(string who) =>
        new(
            $"break_escalate_{who}",
            $"escalation from which trying the {Name(who)} first costs more than it saves",
            "%",
            $"max(0, 1 - cost_{who} / cost_large)"
        );

    private static Equation Share(string who) =>
        new(
            $"break_share_{who}",
            $"share of the {Name(who)} from which it pays for the router",
            "%",
            $"if(cost_large × (1 - escalate_{who}) > cost_{who}, router_usd / (cost_large × (1 - escalate_{who}) - cost_{who}), 1 / 0)",
            "the only smaller model in use; infinite where it never pays"
        );

    private static string Name(string who) => who == "device" ? "device's model" : "small model";
}
