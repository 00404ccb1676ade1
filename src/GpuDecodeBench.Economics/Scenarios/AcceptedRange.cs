namespace GpuDecodeBench.Economics.Scenarios;

/// <summary>Which values of an input make sense at all. Whatever has no rule of its own is zero or more.</summary>
internal static class AcceptedRange
{
    private static readonly Dictionary<
        string,
        (double Low, bool LowIncluded, double High, bool HighIncluded, string Words)
    > Rules = new(StringComparer.Ordinal)
    {
        ["util"] = (0, false, 1, true, "above 0 and at most 1"),
        ["pue"] = (1, true, 10, true, "from 1 to 10"),
        ["value_kept"] = (0, true, 1, false, "from 0 to below 1"),
        ["cache_hit"] = (0, true, 1, false, "from 0 to below 1"),
        ["usable"] = (0, false, 1, true, "above 0 and at most 1"),
        ["mfu_prefill"] = (0, false, 1, true, "above 0 and at most 1"),
        ["idle_fraction"] = (0, true, 1, true, "from 0 to 1"),
        ["wacc"] = (0, true, 1, false, "from 0 to below 1"),
        ["util_target"] = Share,
        ["cache_hit_target"] = (0, true, 1, false, "from 0 to below 1"),
        ["spec_accept"] = (0, true, 1, true, "from 0 to 1"),
        ["spec_length"] = (1, true, 32, true, "a whole number from 1 to 32"),
        ["draft_share"] = (0, true, 1, true, "from 0 to 1"),
        ["draft_memory"] = (0, true, 1, true, "from 0 to 1"),
        ["route_share"] = (0, true, 1, true, "from 0 to 1"),
        ["route_escalate"] = (0, true, 1, true, "from 0 to 1"),
        ["sparse_share"] = Share,
        ["static_fraction"] = (0, true, 1, true, "from 0 to 1"),
        ["vrm_loss"] = (0, true, 1, false, "from 0 to below 1"),
        ["rent"] = Positive,
        ["gpu_price"] = Positive,
        ["years"] = Years,
        ["dc_years"] = Years,
        ["nand_years"] = Years,
        ["network_years"] = Years,
        ["hbm_energy"] = Positive,
        ["nvme_rate"] = Positive,
        ["network_rate"] = Positive,
        ["link_efficiency"] = Share,
        ["efficiency"] = (0, false, 1, true, "above 0 and at most 1"),
        ["peak_to_mean"] = AtLeastOne,
        ["charge_efficiency"] = (0, false, 1, true, "above 0 and at most 1"),
        ["device_energy"] = Positive,
        ["price_halving"] = Years,
        ["fall_memory"] = Positive,
        ["fall_power"] = Positive,
        ["fall_capital"] = Positive,
        ["fall_gear"] = Positive,
        ["generation_years"] = Years,
        ["day_nodes"] = Positive,
        ["day_node_gpus"] = Positive,
        ["day_in"] = Positive,
        ["day_out"] = Positive,
        ["rate_prefill"] = Positive,
        ["rate_decode"] = Positive,
    };

    private static (double Low, bool LowIncluded, double High, bool HighIncluded, string Words) Positive =>
        (0, false, double.MaxValue, true, "above 0");

    private static (double Low, bool LowIncluded, double High, bool HighIncluded, string Words) AtLeastOne =>
        (1, true, double.MaxValue, true, "1 or more");

    private static (double Low, bool LowIncluded, double High, bool HighIncluded, string Words) Share =>
        (0, false, 1, true, "above 0 and at most 1");

    private static (double Low, bool LowIncluded, double High, bool HighIncluded, string Words) Years =>
        (0, false, 100, true, "above 0 and at most 100 years");

    /// <summary>What is accepted, in words, where a value is not; null where it is.</summary>
    /// <param name="symbol">The input.</param>
    /// <param name="value">The value, in the input's unit.</param>
    public static string? WhyNot(string symbol, double value)
    {
        (double low, bool lowIncluded, double high, bool highIncluded, string words) = Rules.GetValueOrDefault(
            symbol,
            (0, true, double.MaxValue, true, "0 or more")
        );
        bool isHighEnough = lowIncluded ? value >= low : value > low;
        bool isLowEnough = highIncluded ? value <= high : value < high;
        bool isWhole = symbol != "spec_length" || value == Math.Floor(value);
        return isHighEnough && isLowEnough && isWhole ? null : words;
    }
}
