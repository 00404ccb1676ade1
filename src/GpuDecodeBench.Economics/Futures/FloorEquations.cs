using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Futures;

/// <summary>
/// The floor under a price: the electricity of the bytes that must move, whoever sells the token; then with what comes on top of it.
/// </summary>
public static class FloorEquations
{
    /// <summary>
    /// Inputs: <c>w_step</c> and <c>kv_step</c> [GB/GPU], <c>gpus</c>, <c>sequences</c>, <c>hbm_energy</c> [pJ/bit], <c>tariff</c>,
    /// <c>pue</c>, <c>link_bytes</c> [MB/GPU], <c>link_energy</c> [pJ/bit], <c>p_rest</c> [W/GPU] (everything else that is on), <c>t_floor</c>
    /// [ms], <c>floor_price</c> [$/GPU], <c>floor_years</c>, and for prices <c>price_now</c>, <c>price_fall</c> (a factor a year).
    /// </summary>
    public static IReadOnlyList<Equation> All { get; } =
    [
        new(
            "floor_memory",
            "electricity of memory traffic alone",
            "$/Mtok",
            "(w_step + kv_step) × gpus × hbm_energy × tariff × pue / (sequences × 1[tok])"
        ),
        new(
            "floor_link",
            "electricity of the links",
            "$/Mtok",
            "link_bytes × gpus × link_energy × tariff × pue / (sequences × 1[tok])"
        ),
        new(
            "floor_rest",
            "electricity of everything else that is on",
            "$/Mtok",
            "p_rest × t_floor × gpus × tariff × pue / (sequences × 1[tok])"
        ),
        new("floor_energy", "energy floor", "$/Mtok", "floor_memory + floor_link + floor_rest"),
        new(
            "floor_capital",
            "capital at full use",
            "$/Mtok",
            "floor_price / floor_years × t_floor × gpus / (sequences × 1[tok])"
        ),
        new("floor_all", "floor with capital", "$/Mtok", "floor_energy + floor_capital"),
        new(
            "years_to_floor",
            "years until a falling price meets it",
            "yr",
            "max(0, ln(price_now / floor_all) / ln(price_fall)) × 1[yr]",
            "a price that falls by the same factor every year"
        ),
    ];
}
