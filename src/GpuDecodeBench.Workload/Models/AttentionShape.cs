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

    /// <summary>Whether tokens slide out of its window before the context holds <paramref name="contextTokens"/>.</summary>
    public bool Forgets(int contextTokens) => Window < contextTokens;

    /// <summary>
    /// Pairs of a token and one that it attends to, itself included, when a prompt of <paramref name="tokens"/> tokens is taken in:
    /// Σ min(t, window) over t = 1 … n.
    /// </summary>
    public long CausalPairs(int tokens)
    {
        long span = SpanTokens(tokens);
        return (span * (span + 1) / 2) + ((tokens - span) * span);
    }

    /// <summary>
    /// FLOPs of all heads for one such pair where keys and values stand written out, 2 for each element of a score's sum and of a
    /// value. Latent attention takes prompts in like that: absorbed, as it decodes, a pair would cost 3.4 times as much in DeepSeek-V3.
    /// </summary>
    public long FlopsPerPair => 2L * Heads * (QueryDimension + ValueDimension);

    /// <summary>The cache of one layer on one of <paramref name="tensorParallel"/> devices.</summary>
    public abstract KvLayout KvLayout(KvFormat format, int tensorParallel);
}
