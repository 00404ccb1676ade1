namespace GpuDecodeBench.Workload.Models;

/// <summary>
/// Grouped-query attention (arXiv 2305.13245); multi-head where <see cref="KvHeads"/> equals <see cref="Heads"/>, multi-query
/// where it is 1.
/// </summary>
public sealed record GroupedQueryAttention : AttentionShape
{
    /// <summary>Query heads.</summary>
    public required int Heads { get; init; }

    /// <summary>Key/value heads; divides <see cref="Heads"/>.</summary>
    public required int KvHeads { get; init; }

    /// <summary>Elements of a head.</summary>
    public required int HeadDimension { get; init; }

    /// <summary>Whether the query, key and value projections have biases (Qwen2; Llama with <c>attention_bias</c>).</summary>
    public bool QkvBias { get; init; }

    /// <summary>Whether the output projection has a bias (Llama with <c>attention_bias</c>).</summary>
    public bool OutputBias { get; init; }

    /// <summary>Whether each head's query and key pass an RMS norm before RoPE (Qwen3).</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>Tokens of the sliding window, the new token included; null where the whole context is read.</summary>
    public int? Window { get; init; }

    /// <summary>Query heads that share one KV head.</summary>
    public int GroupSize => Heads / KvHeads;

    /// <summary>Tokens read when the context holds <paramref name="contextTokens"/>, the new one included.</summary>
    public int SpanTokens(int contextTokens) => Window is int window ? Math.Min(window, contextTokens) : contextTokens;
}
