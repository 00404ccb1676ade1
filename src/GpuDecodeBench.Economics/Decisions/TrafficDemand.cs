using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Economics.Decisions;

/// <summary>The traffic of a day, mean over the days.</summary>
/// <param name="OutputTokensPerDay">Output tokens a day; above 0.</param>
/// <param name="InputTokensPerDay">Input tokens a day, those found in a cache included; 0 where prefill is done elsewhere.</param>
public sealed record TrafficDemand(double OutputTokensPerDay, double InputTokensPerDay)
{
    /// <summary>The demand as inputs of <see cref="FleetEquations"/>.</summary>
    public IReadOnlyList<ModelInput> Inputs =>
        [
            Given("day_out", "output tokens a day", OutputTokensPerDay, "--tokens-per-day"),
            Given("day_in", "input tokens a day", InputTokensPerDay, "--input-tokens-per-day"),
        ];

    private static ModelInput Given(string symbol, string name, double tokens, string argument) =>
        new(symbol, name, "Mtok/d", tokens / 1e6, UserFigure.Note(argument));
}
