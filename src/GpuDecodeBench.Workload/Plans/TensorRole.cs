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
}
