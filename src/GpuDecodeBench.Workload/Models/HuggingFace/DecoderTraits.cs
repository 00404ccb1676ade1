namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>Wherein the decoders with grouped-query attention differ, once their configuration is read.</summary>
internal sealed record DecoderTraits
{
    /// <summary>The architecture.</summary>
    public required ModelArchitecture Architecture { get; init; }

    /// <summary>What is read of the model as a whole.</summary>
    public required CoreKeys Core { get; init; }

    /// <summary>KV heads where <c>num_key_value_heads</c> is absent; null: as many as heads.</summary>
    public int? KvHeadsWhenAbsent { get; init; }

    /// <summary>Elements of a head where <c>head_dim</c> is absent; null: the hidden size divided by the heads.</summary>
    public int? HeadDimensionWhenAbsent { get; init; }

    /// <summary>The rotary embedding, by the elements of a head; null: <see cref="RopeConfig"/>'s usual one.</summary>
    public Func<int, RopeShape>? Rope { get; init; }

    /// <summary>That of layers with a window, where it is another.</summary>
    public Func<int, RopeShape>? LocalRope { get; init; }

    /// <summary>Whether queries, keys and values have biases.</summary>
    public bool QkvBias { get; init; }

    /// <summary>Whether the output projection has a bias.</summary>
    public bool OutputBias { get; init; }

    /// <summary>Whether queries and keys pass a norm for each head.</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>Whether query heads have learned sinks.</summary>
    public bool Sinks { get; init; }

    /// <summary>The factor on the scores; null: one over the root of a head's elements.</summary>
    public double? ScoreScale { get; init; }

    /// <summary>The soft cap of the scores; null where there is none.</summary>
    public double? ScoreSoftCap { get; init; }

    /// <summary>Each layer's sliding window in tokens, by the layer's index; null where the whole context is read.</summary>
    public Func<int, int?> Window { get; init; } = static _ => null;

    /// <summary>Each layer's feed-forward part, by the layer's index.</summary>
    public required Func<int, FeedForwardShape> FeedForward { get; init; }

    /// <summary>Whether the output of each part of a layer passes a norm.</summary>
    public bool PostNorms { get; init; }

    /// <summary>Whether the LM head is the embedding where <c>tie_word_embeddings</c> is absent.</summary>
    public bool TieWhenAbsent { get; init; }

    /// <summary>Whether the embedding row is multiplied by the root of the hidden size.</summary>
    public bool ScaleEmbedding { get; init; }

    /// <summary>The soft cap of the logits; null where there is none.</summary>
    public double? LogitSoftCap { get; init; }

    /// <summary>Which matrices a quantised checkpoint quantises.</summary>
    public QuantizedParts QuantizedParts { get; init; }
}
