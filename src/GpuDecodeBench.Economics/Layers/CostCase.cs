using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Layers;

/// <summary>
/// What is priced: a measured or predicted step under its conditions, as inputs of the layers. The symbols are <c>gpus</c> [GPU],
/// <c>rate</c> [tok/s] (all sequences of an instance, while busy), <c>util</c>, <c>p_busy</c> and <c>p_idle</c> [W/GPU],
/// <c>flops_peak</c> [FLOP/s/GPU] and <c>flop_per_input</c> [FLOP/tok]; what is not known is an unavailable input.
/// </summary>
/// <param name="Conditions">The conditions.</param>
/// <param name="Inputs">The inputs.</param>
/// <param name="InvalidReasons">What makes the measurement behind it unusable; empty where it is valid.</param>
public sealed record CostCase(
    CostConditions Conditions,
    IReadOnlyList<ModelInput> Inputs,
    IReadOnlyList<string> InvalidReasons
)
{
    /// <summary>Equations that give what <see cref="Inputs"/> do not, for example <c>rate</c> from a step's parts; most cases need none.</summary>
    public IReadOnlyList<Equation> Equations { get; init; } = [];
}
