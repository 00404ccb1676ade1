namespace GpuDecodeBench.Workload.Plans;

/// <summary>
/// The values that flow between the operations of a step. Shapes are for batch B; each is stored sequence by sequence.
/// </summary>
public enum StepBuffer
{
    /// <summary>Token ids and positions, [B] each: what the step is given.</summary>
    Tokens,

    /// <summary>The residual stream, [B, hidden].</summary>
    Hidden,

    /// <summary>A norm's output, [B, hidden].</summary>
    Normed,

    /// <summary>Queries, then keys, then values of the new token, [B, (heads + 2 × kvHeads) × headDimension].</summary>
    Qkv,

    /// <summary>The paged KV cache of the operation's layer.</summary>
    KvCache,

    /// <summary>Attention's output before the output projection, [B, heads × headDimension].</summary>
    AttentionOutput,

    /// <summary>What a layer part adds to the residual stream, [B, hidden].</summary>
    Delta,

    /// <summary>Gate rows, then up rows, [B, 2 × intermediate].</summary>
    GateUp,

    /// <summary>The gated activation, [B, intermediate].</summary>
    Gated,

    /// <summary>The LM head's output, [B, vocabulary].</summary>
    Logits,

    /// <summary>The chosen token of each sequence, [B].</summary>
    NextTokens,
}
