using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Decisions;

/// <summary>
/// Profit and loss of a day of serving, in the way in which DeepSeek disclosed its own: devices by the hour against tokens at list
/// prices, input found in a cache apart.
/// </summary>
public static class DayEquations
{
    /// <summary>The inputs, in the order in which they are shown.</summary>
    public static IReadOnlyList<DaySlot> Inputs { get; } =
    [
        new("day_nodes", "nodes, mean over the day", "1", true),
        new("day_node_gpus", "devices of a node", "GPU", true),
        new("rent", "a device", "$/GPU/h", true),
        new("day_in", "input tokens", "Gtok", true),
        new("day_hit", "input tokens found in a cache, part of them", "Gtok", true),
        new("day_out", "output tokens", "Gtok", true),
        new("price_in", "price of input", "$/Mtok", true),
        new("price_hit", "price of input found in a cache", "$/Mtok", true),
        new("price_out", "price of output", "$/Mtok", true),
        new("rate_prefill", "input of a node while it prefills", "ktok/s", false),
        new("rate_decode", "output of a node while it decodes", "ktok/s", false),
    ];

    /// <summary>The equations over <see cref="Inputs"/>.</summary>
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
        new("day_margin_sales", "profit over revenue", "%", "day_profit / day_revenue"),
        new("day_hit_share", "share of input found in a cache", "%", "day_hit / day_in"),
        new("day_cost_out", "cost per million output tokens, all cost on them", "$/Mtok", "day_cost / day_out"),
        new(
            "day_cost_mixed",
            "cost per million tokens, input and output alike",
            "$/Mtok",
            "day_cost / (day_in + day_out)"
        ),
        new("day_out_rate", "output tokens of a node, mean over the day", "tok/s", "day_out / 1[d] / day_nodes"),
    ];

    /// <summary>Equations that need the throughput of nodes, too.</summary>
    public static IReadOnlyList<Equation> Checks { get; } =
    [
        new(
            "day_nodes_by_rate",
            "nodes that the tokens need at the given throughput",
            "1",
            "(day_in / rate_prefill + day_out / rate_decode) / 1[d]"
        ),
        new(
            "day_decode_share",
            "share of them that decodes",
            "%",
            "day_out / rate_decode / (day_in / rate_prefill + day_out / rate_decode)"
        ),
    ];
}
