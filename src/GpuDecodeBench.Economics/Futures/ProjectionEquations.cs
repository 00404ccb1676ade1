using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Futures;

/// <summary>
/// The components of a cost by layers some years on: each falls by a factor a generation. Over the symbols of
/// <see cref="Layers.LayerEquations"/> of owned hardware and <c>e_memory</c>; with <c>ahead</c> [yr].
/// </summary>
public static class ProjectionEquations
{
    /// <summary>The symbol of all components together.</summary>
    public const string Total = "next_all";

    /// <summary>The components: the symbol of the cost, and a name.</summary>
    public static IReadOnlyList<(string Symbol, string Name)> Components { get; } =
    [
        ("next_capital", "capital"),
        ("next_memory", "electricity of memory traffic"),
        ("next_power", "other device electricity"),
        ("next_facility", "facility"),
        ("next_gear", "network and storage"),
        ("next_labour", "labour, software, egress and licences"),
    ];

    /// <summary>The symbol of a component's share.</summary>
    /// <param name="component">The component's symbol.</param>
    public static string Share(string component) => $"{component}_share";

    /// <summary>The equations.</summary>
    public static IReadOnlyList<Equation> All { get; } =
    [
        new("generations", "generations on", "1", "ahead / generation_years"),
        new("cost_memory", "electricity of memory traffic", "$/Mtok", "e_memory × tariff"),
        new("cost_power", "other device electricity", "$/Mtok", "usd_power_mtok - cost_memory"),
        new("next_memory", "electricity of memory traffic", "$/Mtok", "cost_memory / fall_memory^generations"),
        new("next_power", "other device electricity", "$/Mtok", "cost_power / fall_power^generations"),
        new(
            "next_facility",
            "facility",
            "$/Mtok",
            "usd_facility_mtok / fall_power^generations",
            "buildings and cooling are made for the power"
        ),
        new("next_capital", "capital", "$/Mtok", "usd_capital_mtok / fall_capital^generations"),
        new("next_gear", "network and storage", "$/Mtok", "(usd_nand_mtok + usd_network_mtok) / fall_gear^generations"),
        new(
            "next_infra",
            "hardware and facility together",
            "$/Mtok",
            "next_memory + next_power + next_facility + next_capital + next_gear"
        ),
        new(
            "next_labour",
            "labour, software, egress and licences",
            "$/Mtok",
            "(usd_labour + usd_extras) / usd_infra × next_infra",
            "the same share of the rest as today"
        ),
        new(Total, "all components", "$/Mtok", "next_infra + next_labour"),
        .. Components.Select(component => new Equation(
            Share(component.Symbol),
            $"{component.Name}, of all",
            "%",
            $"{component.Symbol} / next_all"
        )),
    ];
}
