using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Decisions;

/// <summary>
/// Self-host or buy: the cost of a million output tokens with the input that comes with them, beside what an API takes for the same.
/// Over the symbols of <see cref="Layers.LayerEquations"/>.
/// </summary>
public static class BuyEquations
{
    /// <summary>The symbol of the own cost.</summary>
    public const string Own = "own_mix";

    /// <summary>The symbol of the API's price.</summary>
    public const string Api = "api_mix";

    /// <summary>The equations.</summary>
    public static IReadOnlyList<Equation> All { get; } =
    [
        new(
            Own,
            "own cost of a million output tokens with their input",
            "$/Mtok",
            "usd_all_mtok + if(input_ratio = 0, 0[$/Mtok], input_ratio × usd_all_mtok_in)"
        ),
        new(Api, "API price of the same", "$/Mtok", "api_out + input_ratio × api_in"),
        new(
            "mix_rate",
            "output tokens of paid time, input taken in between",
            "Mtok/d/GPU",
            "1 / (1 / tok_paid + input_ratio / tok_in_paid)",
            "prefill and decode take turns on the same devices"
        ),
        new("mix_day", "output tokens of an instance in a day", "Mtok/d", "mix_rate × gpus"),
    ];

    /// <summary>The inputs.</summary>
    /// <param name="outUsdPerMillion">The API's price of a million output tokens.</param>
    /// <param name="inUsdPerMillion">The API's price of a million input tokens.</param>
    /// <param name="inputRatio">Input tokens for each output token.</param>
    public static IReadOnlyList<ModelInput> Inputs(
        double outUsdPerMillion,
        double inUsdPerMillion,
        double inputRatio
    ) =>
        [
            Given("api_out", "API price of output tokens", "$/Mtok", outUsdPerMillion, "--api-price"),
            Given("api_in", "API price of input tokens", "$/Mtok", inUsdPerMillion, "--api-price"),
            Given("input_ratio", "input tokens for each output token", "1", inputRatio, "--input-ratio"),
        ];

    private static ModelInput Given(string symbol, string name, string unit, double value, string argument) =>
        new(symbol, name, unit, value, UserFigure.Note(argument));
}
