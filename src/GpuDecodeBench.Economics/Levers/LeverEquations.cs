using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Levers;

/// <summary>
/// What levers change of a cost, over the symbols of <see cref="LayerEquations"/>. The figure that they are ranked by is that of a
/// million output tokens with the input tokens that come with them.
/// </summary>
public static class LeverEquations
{
    /// <summary>The symbol of the figure by which levers are ranked.</summary>
    public const string Mix = "lever_mix";

    private const string Leviathan =
        "Leviathan, Kalman, Matias: Fast Inference from Transformers via Speculative Decoding, ICML 2023, equation 1";

    /// <summary>
    /// The rate with drafted tokens. Inputs: <c>sequences</c>, <c>spec_accept</c>, <c>spec_length</c>, <c>t_verify</c> [ms] (a step that
    /// checks the draft and one more token), and <c>t_draft</c> [ms], or <c>t_plain</c> [ms] with <c>draft_share</c>.
    /// </summary>
    public static IReadOnlyList<Equation> Speculation { get; } =
    [
        new(
            "spec_tokens",
            "tokens that a round is expected to yield",
            "1",
            "if(spec_accept = 1, spec_length + 1, (1 - spec_accept^(spec_length + 1)) / (1 - spec_accept))",
            Leviathan
        ),
        new(
            "t_draft",
            "a step of the draft",
            "ms",
            "draft_share × t_plain",
            "a share of the model's own step, where no draft model is planned"
        ),
        new("t_round", "a round: the draft's steps, then the check", "ms", "spec_length × t_draft + t_verify"),
        new("t_token", "mean time between tokens of a sequence", "ms", "t_round / spec_tokens"),
        new("rate", "output tokens while busy", "tok/s", "sequences × spec_tokens × 1[tok] / t_round"),
    ];

    /// <summary>The memory of a draft that is not planned. Inputs: <c>draft_memory</c>, <c>w_held</c> [GB/GPU].</summary>
    public static Equation DraftMemory { get; } =
        new("draft_held", "memory of the draft", "GB/GPU", "draft_memory × w_held");

    /// <summary>The figure that levers are ranked by.</summary>
    /// <param name="countsInput">Whether input tokens can be priced; else output tokens alone count.</param>
    /// <param name="routes">Whether a part of the traffic goes to a small model.</param>
    /// <param name="smallIsPlanned">Whether the small model's cost is an input, <c>mix_small</c>; else a share of the model's own.</param>
    public static IReadOnlyList<Equation> Ranking(bool countsInput, bool routes, bool smallIsPlanned)
    {
        var output = new Equation(
            "mix_model",
            countsInput
                ? "a million output tokens with their input, by the model"
                : "a million output tokens, by the model; input cannot be priced",
            "$/Mtok",
            countsInput
                ? $"{CostLayers.Total.TokenSymbol} + input_ratio × {CostLayers.Total.InputTokenSymbol}"
                : CostLayers.Total.TokenSymbol
        );
        if (!routes)
        {
            return [output, new Equation(Mix, "the cost that levers are ranked by", "$/Mtok", "mix_model")];
        }

        Equation[] small = smallIsPlanned
            ? []
            :
            [
                new(
                    "mix_small",
                    "the same by the small model",
                    "$/Mtok",
                    "route_cost × mix_model",
                    "a share of the model's own cost, where no small model is planned"
                ),
            ];
        return
        [
            output,
            .. small,
            new Equation(
                Mix,
                "the cost that levers are ranked by: the small model's share, and the model for the rest and for what is escalated",
                "$/Mtok",
                "route_share × mix_small + (1 - route_share + route_share × route_escalate) × mix_model",
                "what is escalated pays both"
            ),
        ];
    }

    /// <summary>The cost of the small model, as an input.</summary>
    internal static ModelInput Small(string model, Figure cost) =>
        new("mix_small", $"the same by {model}", "$/Mtok", cost.Value, cost.Provenance);
}
