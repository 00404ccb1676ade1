namespace GpuDecodeBench.Workload.Plans;

/// <summary>What a weight tensor is for.</summary>
public enum TensorRole
{
    /// <summary>The embedding matrix, [vocabulary, hidden].</summary>
    Embedding,

    /// <summary>The norm before attention, [hidden].</summary>
    AttentionNorm,

    /// <summary>Query, key and value projections as one matrix, rows in that order.</summary>
    QueryKeyValue,

    /// <summary>The biases of <see cref="QueryKeyValue"/>.</summary>
    QueryKeyValueBias,

    /// <summary>The norm of each query head, [headDimension].</summary>
    QueryNorm,

    /// <summary>The norm of each key head, [headDimension].</summary>
    KeyNorm,

    /// <summary>The attention's output projection, [hidden, heads × headDimension].</summary>
    AttentionOutput,

    /// <summary>The bias of <see cref="AttentionOutput"/>.</summary>
    AttentionOutputBias,

    /// <summary>The norm before the feed-forward part, [hidden].</summary>
    FeedForwardNorm,

    /// <summary>Gate and up projections as one matrix, gate rows first.</summary>
    GateUp,

    /// <summary>The biases of <see cref="GateUp"/>.</summary>
    GateUpBias,

    /// <summary>The down projection, [hidden, intermediate].</summary>
    Down,

    /// <summary>The bias of <see cref="Down"/>.</summary>
    DownBias,

    /// <summary>The norm before the LM head, [hidden].</summary>
    FinalNorm,

    /// <summary>The LM head, [vocabulary, hidden]; the embedding matrix itself where the model ties them.</summary>
    LmHead,

    // Synthetic weights are made from a role's number: new roles go to the end.
    /// <summary>The norm of the attention part's output (Gemma 2 and 3), [hidden].</summary>
    AttentionPostNorm,

    /// <summary>The norm of the feed-forward part's output (Gemma 2 and 3), [hidden].</summary>
    FeedForwardPostNorm,

    /// <summary>The attention sinks, [heads].</summary>
    Sinks,

    /// <summary>
    /// Multi-head latent attention: the down-projections of queries, of keys and values, and the rotated key, as one matrix with
    /// rows in that order, [queryLatent + latent + rotated, hidden]; without the first where queries are projected directly.
    /// </summary>
    LatentDown,

    /// <summary>The norm of the compressed query, [queryLatent].</summary>
    QueryLatentNorm,

    /// <summary>The norm of the compressed keys and values, [latent].</summary>
    LatentNorm,

    /// <summary>
    /// The projection to query heads, each its plain elements and then its rotated ones,
    /// [heads × (plain + rotated), queryLatent or hidden].
    /// </summary>
    QueryUp,

    /// <summary>The absorbed up-projection of keys, a matrix a head, [heads] × [latent, plain].</summary>
    KeyUp,

    /// <summary>The up-projection of values, a matrix a head, [heads] × [value, latent].</summary>
    ValueUp,

    /// <summary>The router, [experts, hidden].</summary>
    Router,

    /// <summary>The bias of <see cref="Router"/>, [experts].</summary>
    RouterBias,

    /// <summary>What is added to the scores for the choice of experts alone, [experts].</summary>
    RouterChoiceBias,

    /// <summary>Gate and up projections of every expert, gate rows first, [experts] × [2 × intermediate, hidden].</summary>
    ExpertGateUp,

    /// <summary>The biases of <see cref="ExpertGateUp"/>, [experts] × [2 × intermediate].</summary>
    ExpertGateUpBias,

    /// <summary>The down projection of every expert, [experts] × [hidden, intermediate].</summary>
    ExpertDown,

    /// <summary>The biases of <see cref="ExpertDown"/>, [experts] × [hidden].</summary>
    ExpertDownBias,

    /// <summary>Gate and up projections of the shared expert, gate rows first.</summary>
    SharedGateUp,

    /// <summary>The down projection of the shared expert, [hidden, intermediate].</summary>
    SharedDown,
}
