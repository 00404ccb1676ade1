using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Workload.Models;

/// <summary>
/// Grouped-query attention (arXiv 2305.13245); multi-head where <see cref="KvHeads"/> equals the query heads, multi-query where
/// it is 1.
/// </summary>
public sealed record GroupedQueryAttention : AttentionShape
{
    /// <summary>Key/value heads; divides the query heads.</summary>
    public required int KvHeads { get; init; }

    /// <summary>Elements of a head.</summary>
    public required int HeadDimension { get; init; }

    /// <summary>Whether the query, key and value projections have biases (Qwen2; Llama with <c>attention_bias</c>).</summary>
    public bool QkvBias { get; init; }

    /// <summary>Whether the output projection has a bias (Llama with <c>attention_bias</c>).</summary>
    public bool OutputBias { get; init; }

    /// <summary>Whether each head's query and key pass an RMS norm before RoPE (Qwen3, Gemma 3).</summary>
    public bool QueryKeyNorm { get; init; }

    /// <summary>Scores pass <c>cap × tanh(score / cap)</c> before the softmax (Gemma 2); null where they do not.</summary>
    public double? LogitSoftCap { get; init; }

    /// <summary>
    /// Whether each query head has a learned sink: one more score in the softmax's denominator, with no value
    /// (gpt-oss; arXiv 2309.17453).
    /// </summary>
    public bool Sinks { get; init; }

    /// <summary>Query heads that share one KV head.</summary>
    public int GroupSize => Heads / KvHeads;

    /// <inheritdoc/>
    public override int QueryDimension => HeadDimension;

    /// <inheritdoc/>
    public override int ValueDimension => HeadDimension;

    /// <inheritdoc/>
    public override KvLayout KvLayout(KvFormat format, int tensorParallel) =>
        new(format, Math.Max(1, KvHeads / tensorParallel), HeadDimension);
}
