using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Workload.Plans;

/// <summary>The formats of one decode step.</summary>
public sealed record StepFormats
{
    /// <summary>The format of every linear layer inside the decoder layers.</summary>
    public required WeightFormat Weights { get; init; }

    /// <summary>
    /// The format of the embedding and of the LM head. Published quantised checkpoints (AWQ, GPTQ, FP8) leave both in sixteen
    /// bits, so <see cref="DefaultLmHead"/> does too.
    /// </summary>
    public required WeightFormat LmHead { get; init; }

    /// <summary>The format of the KV cache.</summary>
    public required KvFormat Kv { get; init; }

    /// <summary>The format of activations between operations.</summary>
    public required ActivationFormat Activations { get; init; }

    /// <summary>Bytes of one activation element.</summary>
    public int ActivationBytes => Activations == ActivationFormat.Fp32 ? 4 : 2;

    /// <summary>The LM head's format where nothing else is asked for: sixteen bits as they are, else bf16.</summary>
    public static WeightFormat DefaultLmHead(WeightFormat weights) =>
        weights is WeightFormat.Fp16 or WeightFormat.Bf16 ? weights : WeightFormat.Bf16;
}
