using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Scenarios;

namespace GpuDecodeBench.Economics.Layers;

/// <summary>
/// The layers of cost, in dollars per device and hour of calendar time, whether it is busy or not; and what falls on a million tokens.
/// Every watt is counted in one layer: a device's own in <c>usd_power</c>, drives' in <c>usd_nand</c>, switches' and network cards' in
/// <c>usd_network</c>, hosts' and the facility's overhead on all of it in <c>usd_facility</c>.
/// </summary>
public static class LayerEquations
{
    private const string Annuity =
        "annuity: the even yearly payment that repays one dollar in n years at the interest rate (any text on engineering economics)";

    /// <summary>The equations of a scenario's choices.</summary>
    public static IReadOnlyList<Equation> For(Ownership ownership, FacilityMode facility) =>
        [
            .. Power,
            .. facility == FacilityMode.BuiltUp ? BuiltUpPue : [],
            .. ownership == Ownership.Owned ? Owned : Rented,
            .. Labour,
            .. Tokens,
            .. CostLayers.All.Select(PerMillionTokens),
            .. CostLayers.All.Select(PerMillionInputTokens),
        ];

    /// <summary>The mean power of paid time, and of everything around the device.</summary>
    private static readonly Equation[] Power =
    [
        new("p_gpu", "device power, mean over paid time", "W/GPU", "util × p_busy + (1 - util) × p_idle"),
        new("p_network", "network power", "W/GPU", "p_switch + p_nic"),
        new("p_it", "power of all equipment", "W/GPU", "p_gpu + p_host + p_nand + p_network"),
        new(
            "p_wall",
            "power from the grid",
            "W/GPU",
            "p_it × pue",
            "PUE is facility power over equipment power (The Green Grid)"
        ),
    ];

    private static readonly Equation[] BuiltUpPue =
    [
        new("pue", "power usage effectiveness, built up", "1", "1 + f_cooling + f_distribution + f_hvac"),
    ];

    private static readonly Equation[] Owned =
    [
        new("n_years", "years of use", "1", "years / 1[yr]"),
        new(
            "crf",
            "yearly share of capital",
            "1",
            "if(wacc = 0, 1 / n_years, wacc × (1 + wacc)^n_years / ((1 + wacc)^n_years - 1))",
            Annuity
        ),
        new(
            "residual",
            "value left at the end",
            "1",
            "value_kept^n_years",
            "a declining balance: every year leaves the same share (any text on depreciation)"
        ),
        new("capex", "device and its share of the system", "$/GPU", "gpu_price + host_price"),
        new(
            "capex_net",
            "less the residual value, discounted",
            "$/GPU",
            "capex - residual × capex / (1 + wacc)^n_years"
        ),
        new("usd_capital", "capital", "$/GPU/h", "capex_net × crf / 1[yr]"),
        new("usd_power", "device electricity", "$/GPU/h", "p_gpu × tariff"),
        new("dc_n_years", "years of the building", "1", "dc_years / 1[yr]"),
        new(
            "dc_crf",
            "yearly share of the building's capital",
            "1",
            "if(wacc = 0, 1 / dc_n_years, wacc × (1 + wacc)^dc_n_years / ((1 + wacc)^dc_n_years - 1))",
            Annuity
        ),
        new(
            "usd_building",
            "building",
            "$/GPU/h",
            "dc_price × p_design / pue × dc_crf / 1[yr]",
            "buildings are priced by the watt of critical load, what a site provides over its PUE (Cushman & Wakefield, Data Center Development Cost Guide 2025)"
        ),
        new("usd_overhead", "electricity of hosts and facility", "$/GPU/h", "(p_host + (pue - 1) × p_it) × tariff"),
        new("usd_facility", "facility", "$/GPU/h", "usd_overhead + usd_building"),
        new(
            "nand_capex",
            "drives",
            "$/GPU",
            "nand_local × usd_nand_local + nand_offload × usd_nand_offload + nand_shared × usd_nand_shared"
        ),
        new("usd_nand", "storage", "$/GPU/h", "nand_capex / nand_years + p_nand × tariff"),
        new("usd_network", "network", "$/GPU/h", "network_price / network_years + p_network × tariff"),
    ];

    private const string InTheRent = "part of the rent";

    private static readonly Equation[] Rented =
    [
        new("usd_capital", "rent", "$/GPU/h", "rent"),
        new("usd_power", "device electricity", "$/GPU/h", "0[$/GPU/h]", InTheRent),
        new("usd_facility", "facility", "$/GPU/h", "0[$/GPU/h]", InTheRent),
        new("usd_nand", "storage", "$/GPU/h", "0[$/GPU/h]", InTheRent),
        new("usd_network", "network", "$/GPU/h", "0[$/GPU/h]", InTheRent),
    ];

    private static readonly Equation[] Labour =
    [
        new(
            "usd_infra",
            "hardware and facility together",
            "$/GPU/h",
            "usd_capital + usd_power + usd_facility + usd_nand + usd_network"
        ),
        new("usd_labour", "labour and software", "$/GPU/h", "labour_fraction × usd_infra + software_fee"),
        new(
            "usd_extras",
            "egress and licences",
            "$/GPU/h",
            "(egress_fraction + licence_fraction) × (usd_infra + usd_labour)"
        ),
        new("usd_all", "all layers", "$/GPU/h", "usd_infra + usd_labour + usd_extras"),
        new("usd_busy_hour", "an hour of busy time", "$/GPU/h", "usd_all / util"),
    ];

    private static readonly Equation[] Tokens =
    [
        new("tok_paid", "output tokens, mean over paid time", "Mtok/h/GPU", "rate × util / gpus"),
        new(
            "tok_in_paid",
            "input tokens that prefill alone would take in, mean over paid time",
            "Mtok/h/GPU",
            "flops_peak × mfu_prefill / flop_per_input × util / (1 - cache_hit)"
        ),
    ];

    private static Equation PerMillionTokens(CostLayerKind layer) =>
        new(layer.TokenSymbol, $"{layer.Name}, per million output tokens", "$/Mtok", $"{layer.Symbol} / tok_paid");

    private static Equation PerMillionInputTokens(CostLayerKind layer) =>
        new(
            layer.InputTokenSymbol,
            $"{layer.Name}, per million input tokens",
            "$/Mtok",
            $"{layer.Symbol} / tok_in_paid"
        );
}
