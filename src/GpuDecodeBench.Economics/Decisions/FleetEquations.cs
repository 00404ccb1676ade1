using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;

namespace GpuDecodeBench.Economics.Decisions;

/// <summary>
/// How many instances a day's traffic needs, and what they cost. Over the symbols of <see cref="LayerEquations"/>; inputs are those of
/// <see cref="TrafficDemand"/>, <c>util_wanted</c> (the busy share that the scenario allows), <c>prefill_apart</c> (1 where prefill has
/// instances of its own, else 0), <c>t_token</c> [ms] (a step of decode), <c>kv_whole</c> [GB] (the cache of a sequence, once) of
/// <c>input_tokens</c> [tok], <c>network_rate</c> and <c>peak_to_mean</c>. The utilisation at which the layers are billed follows from
/// them, so that draws move it together with the instances.
/// </summary>
public static class FleetEquations
{
    /// <summary>The symbol of the time between two tokens of a sequence, with what prefill takes of it.</summary>
    public const string TimeBetween = "t_between";

    /// <summary>The symbol of dollars per million output tokens, all cost of the fleet on them.</summary>
    public const string PerOutputToken = "fleet_usd_out";

    /// <summary>The symbol of the busy share in fact.</summary>
    public const string Use = "fleet_util";

    /// <summary>The symbol of whether prefill has instances of its own: 1 or 0.</summary>
    internal const string Apart = "prefill_apart";

    /// <summary>The symbol of how fast a busy device takes in input tokens.</summary>
    public const string InputRate = "fleet_rate_in";

    /// <summary>The symbol of the instances whose network the moved caches would keep busy.</summary>
    public const string Moving = "fleet_moving";

    /// <summary>The symbol of a layer's dollars a day, for the whole fleet.</summary>
    public static string DaySymbol(CostLayerKind layer) => $"{Checked(layer).Symbol}_day";

    /// <summary>The symbol of a layer's dollars a month.</summary>
    public static string MonthSymbol(CostLayerKind layer) => $"{Checked(layer).Symbol}_month";

    /// <summary>The symbol of a layer's dollars a year.</summary>
    public static string YearSymbol(CostLayerKind layer) => $"{Checked(layer).Symbol}_year";

    /// <summary>The equations.</summary>
    public static IReadOnlyList<Equation> All { get; } =
    [
        new(
            "fleet_load",
            "busy share of the fleet, mean over the day, at most",
            "1",
            "min(util_wanted, 1 / peak_to_mean)",
            "a fleet that is just full in its busiest hour is busy for the mean over the peak"
        ),
        new("fleet_rate_out", "output tokens of a busy device", "Mtok/h/GPU", "rate / gpus"),
        new(
            InputRate,
            "input tokens that a busy device takes in",
            "Mtok/h/GPU",
            "flops_peak × mfu_prefill / flop_per_input / (1 - cache_hit)"
        ),
        new("fleet_decode", "devices that decode would keep busy all day", "GPU", "day_out / fleet_rate_out"),
        new(
            "fleet_prefill",
            "devices that prefill would keep busy all day",
            "GPU",
            $"if(day_in = 0[Mtok/d], 0[GPU], day_in / {InputRate})"
        ),
        new(
            Moving,
            "instances whose network caches on their way from prefill to decode would keep busy all day",
            "1",
            $"if({Apart} = 1, day_in × kv_whole / input_tokens / network_rate, 0)",
            "each input token's keys and values cross once, those found in a prefix cache, too; sending and receiving overlap with computing"
        ),
        new("fleet_busy", "devices that would be busy all day", "GPU", "fleet_decode + fleet_prefill"),
        new("fleet_exact", "instances, not rounded", "1", "fleet_busy / fleet_load / gpus"),
        new(
            "fleet_decode_instances",
            "instances that decode",
            "1",
            $"max(1, ceil(if({Apart} = 1, max(fleet_decode / gpus, {Moving}) / fleet_load, fleet_exact) - 1e-9))",
            "whole instances, with prefill in turn or without, and enough of them to receive the caches; a billionth is left to rounding"
        ),
        new(
            "fleet_prefill_instances",
            "instances for prefill alone",
            "1",
            $"if({Apart} = 1, max(1, ceil(max(fleet_prefill / gpus, {Moving}) / fleet_load - 1e-9)), 0)",
            "of the same devices, and enough of them to send the caches"
        ),
        new("fleet_instances", "instances", "1", "fleet_decode_instances + fleet_prefill_instances"),
        new(
            TimeBetween,
            "time between two tokens of a sequence, mean while busy",
            "ms",
            $"if({Apart} = 1, {PredictedCase.StepTime}, {PredictedCase.StepTime} × fleet_busy / fleet_decode)",
            "where prefill takes turns with decode, each step waits for its share of the prefill"
        ),
        new("fleet_gpus", "devices", "GPU", "fleet_instances × gpus"),
        new(Use, "busy share in fact", "1", "min(1, fleet_busy / fleet_gpus)"),
        new(
            "util",
            "utilisation, busy share of paid time",
            "1",
            Use,
            "what is busy over what is paid, with whole instances"
        ),
        new("fleet_power", "power from the grid, mean over the day", "kW", "p_wall × fleet_gpus"),
        new("fleet_energy_day", "energy of a day", "MWh", "fleet_power × 1[d]"),
        new("fleet_energy_month", "energy of a month", "MWh", "fleet_power × 1[yr] / 12"),
        new("fleet_energy_year", "energy of a year", "MWh", "fleet_power × 1[yr]"),
        new(
            PerOutputToken,
            "dollars per million output tokens, all cost on them",
            "$/Mtok",
            "usd_all × fleet_gpus / day_out"
        ),
        new(
            "fleet_usd_mixed",
            "dollars per million tokens, input and output alike",
            "$/Mtok",
            "usd_all × fleet_gpus / (day_out + day_in)"
        ),
        .. CostLayers.All.Select(layer =>
            Bill(layer, DaySymbol(layer), "a day", "$/d", $"{layer.Symbol} × fleet_gpus")
        ),
        .. CostLayers.All.Select(layer =>
            Bill(layer, MonthSymbol(layer), "a month", "$", $"{layer.Symbol} × fleet_gpus × 1[yr] / 12")
        ),
        .. CostLayers.All.Select(layer =>
            Bill(layer, YearSymbol(layer), "a year", "$/yr", $"{layer.Symbol} × fleet_gpus")
        ),
    ];

    private static Equation Bill(CostLayerKind layer, string symbol, string span, string unit, string formula) =>
        new(symbol, $"{layer.Name}, {span}", unit, formula);

    private static CostLayerKind Checked(CostLayerKind layer) =>
        layer ?? throw new ArgumentNullException(nameof(layer));
}
