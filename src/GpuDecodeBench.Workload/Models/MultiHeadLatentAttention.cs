using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Workload.Models;

/// <summary>
/// Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434), as it is decoded: the up-projections of keys and values are
/// absorbed into the query and the output, so that all heads attend to one cached vector a token, the normed latent followed
/// by the rotated key part.
/// </summary>
public sealed record MultiHeadLatentAttention : AttentionShape
{
    /// <summary>Elements of the compressed query, <c>q_lora_rank</c>; null where queries are projected directly (V2-Lite).</summary>
    public required int? QueryLatentDimension { get; init; }

    /// <summary>Elements of the compressed keys and values, <c>kv_lora_rank</c>.</summary>
    public required int LatentDimension { get; init; }

    /// <summary>Elements of a head's query without position, <c>qk_nope_head_dim</c>.</summary>
    public required int PlainDimension { get; init; }

    /// <summary>Elements of a head's query, and of the shared key, that RoPE turns, <c>qk_rope_head_dim</c>.</summary>
    public required int RotatedDimension { get; init; }

    /// <summary>Elements of a head's value, <c>v_head_dim</c>.</summary>
    public required int HeadValueDimension { get; init; }

    /// <summary>Elements of a projected head: what a score sums over before absorption, and what its scale follows.</summary>
    public override int QueryDimension => PlainDimension + RotatedDimension;

    /// <inheritdoc/>
    public override int ValueDimension => HeadValueDimension;

    /// <summary>Elements that the cache holds for a token: the latent, then the rotated key part.</summary>
    public int CachedDimension => LatentDimension + RotatedDimension;

    /// <summary>Every device of a tensor-parallel group holds the whole latent.</summary>
    public override KvLayout KvLayout(KvFormat format, int tensorParallel) =>
        new(format, 1, CachedDimension) { IsLatent = true };
}
