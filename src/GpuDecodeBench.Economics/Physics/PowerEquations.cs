using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Physics;

/// <summary>
/// A device's power by part: bytes and operations of a step times the energy of each, over the step's time; and what is on whatever the
/// device does. Inputs: <c>sequences</c>, <c>gpus</c>, <c>w_step</c>, <c>kv_step</c> [GB/GPU], <c>flop_step</c> [GFLOP/GPU],
/// <c>link_bytes</c> [MB/GPU], <c>t_busy</c> [ms], <c>t_before</c> [ms] (the step before a change of formats), <c>p_tdp</c> and
/// <c>p_busy</c> [W/GPU], and the energies of the assumptions.
/// </summary>
public static class PowerEquations
{
    /// <summary>The parts, in the order in which they are shown.</summary>
    public static IReadOnlyList<PowerPart> Parts { get; } =
    [
        new("hbm", "memory (HBM)", "p_hbm_part", ["cost.power-hbm-watts"]),
        new("arithmetic", "arithmetic (tensor cores)", "p_arithmetic", ["cost.power-sm-watts"]),
        new("sram", "caches, shared memory, registers", "p_sram", ["cost.power-sram-watts"]),
        new("noc", "crossing the chip", "p_noc", []),
        new("links", "links between devices", "p_links", ["cost.power-links-watts", "cost.power-optics-watts"]),
        new("static", "leakage and clocks", "p_static", ["cost.power-leakage-watts"]),
        new("vrm", "voltage conversion", "p_vrm", []),
    ];

    /// <summary>All parts together.</summary>
    public static PowerPart Sum { get; } = new("sum", "all parts", "p_parts", []);

    /// <summary>What of the device's power no part explains; negative where the parts explain more than there is.</summary>
    public static PowerPart Rest { get; } = new("rest", "not explained by the parts", "p_rest_part", []);

    /// <summary>The equations.</summary>
    public static IReadOnlyList<Equation> All { get; } =
    [
        new("p_hbm_part", "memory", "W/GPU", "(w_step + kv_step) × hbm_energy / t_busy"),
        new("p_arithmetic", "arithmetic", "W/GPU", "flop_step × flop_energy / t_busy"),
        new("p_sram", "caches, shared memory, registers", "W/GPU", "(w_step + kv_step) × sram_energy / t_busy"),
        new("p_noc", "crossing the chip", "W/GPU", "(w_step + kv_step) × noc_energy / t_busy"),
        new("p_links", "links between devices", "W/GPU", "link_bytes × link_energy / t_busy"),
        new("p_static", "leakage and clocks", "W/GPU", "static_fraction × p_tdp"),
        new("p_moving", "parts that the work drives", "W/GPU", "p_hbm_part + p_arithmetic + p_sram + p_noc + p_links"),
        new(
            "p_vrm",
            "voltage conversion",
            "W/GPU",
            "vrm_loss / (1 - vrm_loss) × (p_moving + p_static)",
            "the converters lose a share of what they take in"
        ),
        new("p_parts", "all parts", "W/GPU", "p_moving + p_static + p_vrm"),
        new("p_rest_part", "not explained by the parts", "W/GPU", "p_busy - p_parts"),
        new(
            "p_same_rate",
            "all parts, at as many steps a second as before",
            "W/GPU",
            "(p_moving × t_busy / t_before + p_static) / (1 - vrm_loss)",
            "the work's energy is spread over the old step's time; what is always on stays"
        ),
        .. Parts.Append(Sum).Select(Energy),
    ];

    private static Equation Energy(PowerPart part) =>
        new(
            part.EnergySymbol,
            $"{part.Name}, for a token",
            "mJ/tok",
            $"{part.Symbol} × t_busy × gpus / (sequences × 1[tok])"
        );
}
