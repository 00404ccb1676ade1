using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Measurement.Runs;

/// <summary>One point of a run's grid.</summary>
/// <param name="Weights">The weight format.</param>
/// <param name="LmHead">The format of the embedding and the LM head.</param>
/// <param name="Kv">The KV format.</param>
/// <param name="Batch">Sequences decoded together.</param>
/// <param name="ContextTokens">Tokens that each sequence attends to.</param>
/// <param name="KvBlockTokens">Tokens in a block of the paged cache.</param>
public sealed record PointConditions(
    WeightFormat Weights,
    WeightFormat LmHead,
    KvFormat Kv,
    int Batch,
    int ContextTokens,
    int KvBlockTokens = StepConditions.DefaultKvBlockTokens
)
{
    /// <summary>The point in a few words, for progress and notes.</summary>
    public string Label => $"{Weights.Name()}, KV {Kv.Name()}{BlockLabel}, batch {Batch}, context {ContextTokens}";

    private string BlockLabel =>
        KvBlockTokens == StepConditions.DefaultKvBlockTokens ? "" : $" in blocks of {KvBlockTokens}";

    /// <summary>The step of the point.</summary>
    /// <exception cref="Workload.InputException">The point does not fit the model.</exception>
    public DecodeStepPlan Plan(ModelShape model, ActivationFormat activations, int? layers) =>
        DecodeStepPlan.Create(
            model,
            StepConditions.Uniform(
                new StepFormats
                {
                    Weights = Weights,
                    LmHead = LmHead,
                    Kv = Kv,
                    Activations = activations,
                },
                Batch,
                ContextTokens
            ) with
            {
                KvBlockTokens = KvBlockTokens,
            },
            layers
        );
}
