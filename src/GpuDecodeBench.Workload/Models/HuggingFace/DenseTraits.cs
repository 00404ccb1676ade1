namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>Wherein the dense decoders of Llama's kind differ, once their configuration is read.</summary>
internal sealed record DenseTraits
{
    /// <summary>The architecture.</summary>
    public required ModelArchitecture Architecture { get; init; }

    /// <summary>KV heads where <c>num_key_value_heads</c> is absent; null: as many as heads.</summary>
    public int? KvHeadsWhenAbsent { get; init; }

    /// <summary>Elements of a head where <c>head_dim</c> is absent; null: the hidden size divided by the heads.</summary>
    public int? HeadDimensionWhenAbsent { get; init; }

    /// <summary>Whether queries, keys and values have biases.</summary>
    public bool QkvBias { get; init; }

    /// <summary>Whether the output projection has a bias.</summary>
    public bool OutputBias { get; init; }

    /// <summary>Whether the feed-forward projections have biases.</summary>
    public bool FeedForwardBias { get; init; }

    /// <summary>Whether queries and keys pass a norm for each head.</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>Each layer's sliding window in tokens, by the layer's index; null where the whole context is read.</summary>
    public Func<int, int?> Window { get; init; } = static _ => null;
}
