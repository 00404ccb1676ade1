using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Decisions;

/// <summary>
/// Profit and loss of a day of serving, in the way in which DeepSeek disclosed its own: devices by the hour against tokens at list
/// prices, input found in a cache apart.
/// </summary>
public static class DayEquations
{
    /// <summary>
    /// Inputs: <c>day_nodes</c> [1] (mean over the day), <c>day_node_gpus</c> [GPU], <c>rent</c> [$/GPU/h], <c>day_in</c>,
    /// <c>day_hit</c> (part of it) and <c>day_out</c> [tok], <c>price_in</c>, <c>price_hit</c> and <c>price_out</c> [$/Mtok].
    /// </summary>
    public static IReadOnlyList<Equation> All { get; } =
    [
        new("day_cost", "a day's cost", "$", "day_nodes × day_node_gpus × rent × 1[d]"),
        new(
            "day_revenue",
            "a day's revenue at list prices",
            "$",
            "day_hit × price_hit + (day_in - day_hit) × price_in + day_out × price_out"
        ),
        new("day_profit", "a day's profit", "$", "day_revenue - day_cost"),
        new("day_margin", "profit over cost", "%", "day_profit / day_cost"),
        new("day_hit_share", "share of input found in a cache", "%", "day_hit / day_in"),
        new("day_cost_out", "cost per million output tokens, all cost on them", "$/Mtok", "day_cost / day_out"),
        new("day_out_rate", "output tokens of a node", "tok/s", "day_out / 1[d] / day_nodes"),
    ];
}
