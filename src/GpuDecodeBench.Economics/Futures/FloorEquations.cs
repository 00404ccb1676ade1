using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Futures;

/// <summary>
/// The least that a token costs on one device, for one model, its formats and context: the electricity of the bytes that must move; then
/// with what comes on top of it: the links, everything else that is on, cooling, and capital at full use. Over the symbols of a predicted
/// cost (<see cref="Decisions.PredictedCase"/>), at the roofline itself with 16-bit arithmetic. No bound of a price: other devices and
/// formats can cost less.
/// </summary>
public static class FloorEquations
{
    /// <summary>The symbol of the floor of electricity alone.</summary>
    public const string Energy = "floor_energy";

    /// <summary>The symbol of the floor with capital.</summary>
    public const string Total = "floor_all";

    /// <summary>The parts, in the order in which they are added up.</summary>
    public static IReadOnlyList<string> Parts { get; } =
    ["floor_memory", "floor_link", "floor_rest", "floor_cooling", "floor_capital"];

    /// <summary>The equations.</summary>
    public static IReadOnlyList<Equation> All { get; } =
    [
        new("t_floor", "shortest step", "ms", "t_roofline + t_link"),
        new(
            "p_rest",
            "everything else that is on",
            "W/GPU",
            "max(0[W/GPU], p_busy - bytes_step × hbm_energy / t_floor) + p_host + p_network",
            "a busy device less its memory traffic, with its share of hosts, switches and network cards"
        ),
        new(
            "floor_memory",
            "electricity of memory traffic alone",
            "$/Mtok",
            "bytes_step × gpus × hbm_energy × tariff / (sequences × 1[tok])"
        ),
        new(
            "floor_link",
            "electricity of the links",
            "$/Mtok",
            "link_bytes × gpus × link_energy × tariff / (sequences × 1[tok])"
        ),
        new(
            "floor_rest",
            "electricity of everything else that is on",
            "$/Mtok",
            "p_rest × t_floor × gpus × tariff / (sequences × 1[tok])"
        ),
        new(
            "floor_cooling",
            "cooling and power distribution",
            "$/Mtok",
            "(pue - 1) × (floor_memory + floor_link + floor_rest)"
        ),
        new(Energy, "energy floor", "$/Mtok", "floor_memory + floor_link + floor_rest + floor_cooling"),
        new("floor_price", "device and its share of the system", "$/GPU", "gpu_price + host_price"),
        new(
            "floor_capital",
            "capital at full use, without interest",
            "$/Mtok",
            "floor_price / years × t_floor × gpus / (sequences × 1[tok])"
        ),
        new(Total, "floor with capital", "$/Mtok", "floor_energy + floor_capital"),
    ];
}
