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

    /// <summary>
    /// Multi-head latent attention: compressed query, compressed keys and values, rotated key part of the new token,
    /// [B, queryLatent + latent + rotated].
    /// </summary>
    Latent,

    /// <summary>The normed compressed query, [B, queryLatent].</summary>
    QueryLatent,

    /// <summary>Query heads, each its plain elements and then its rotated ones, [B, heads × (plain + rotated)].</summary>
    Queries,

    /// <summary>Query heads as they meet the cache, [B, heads × (latent + rotated)].</summary>
    LatentQueries,

    /// <summary>Each head's weighted sum of the cached latents, [B, heads × latent].</summary>
    LatentOutput,

    /// <summary>The router's logits, [B, experts].</summary>
    RouterLogits,

    /// <summary>The chosen experts' numbers and then their weights, [B, 2 × expertsPerToken].</summary>
    Routing,

    /// <summary>For each chosen expert gate rows, then up rows, [B, expertsPerToken × 2 × intermediate].</summary>
    ExpertGateUp,

    /// <summary>The gated activation of each chosen expert, [B, expertsPerToken × intermediate].</summary>
    ExpertGated,

    /// <summary>Each chosen expert's output, [B, expertsPerToken × hidden].</summary>
    ExpertOutput,

    /// <summary>The shared expert's gate rows, then up rows.</summary>
    SharedGateUp,

    /// <summary>The shared expert's gated activation.</summary>
    SharedGated,

    /// <summary>The shared expert's output, [B, hidden].</summary>
    SharedOutput,
}
