using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Workload.Models;

/// <summary>The attention of one layer. Each kind of attention is a type of its own.</summary>
public abstract record AttentionShape
{
    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Rotary position embedding; layers of one model may differ in it (Gemma 3).</summary>
    public required RopeShape Rope { get; init; }

    /// <summary>Tokens of the sliding window, the new token included; null where the whole context is read.</summary>
    public int? Window { get; init; }

    /// <summary>
    /// The factor on the scores where it is not <c>1 / √</c><see cref="QueryDimension"/> (Gemma's <c>query_pre_attn_scalar</c>,
    /// DeepSeek's YaRN correction).
    /// </summary>
    public double? Scale { get; init; }

    /// <summary>Elements of a query that a score sums over.</summary>
    public abstract int QueryDimension { get; }

    /// <summary>Elements of a head's output before the output projection.</summary>
    public abstract int ValueDimension { get; }

    /// <summary>The factor on the scores.</summary>
    public double ScoreScale => Scale ?? (1 / Math.Sqrt(QueryDimension));

    /// <summary>Tokens read when the context holds <paramref name="contextTokens"/>, the new one included.</summary>
    public int SpanTokens(int contextTokens) => Window is int window ? Math.Min(window, contextTokens) : contextTokens;

    /// <summary>The cache of one layer on one of <paramref name="tensorParallel"/> devices.</summary>
    public abstract KvLayout KvLayout(KvFormat format, int tensorParallel);
}
