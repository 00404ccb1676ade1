namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// What some <see cref="CoreKeys"/> are where they are absent, for an architecture whose published files leave them out.
/// </summary>
/// <param name="Heads"><c>num_attention_heads</c>.</param>
/// <param name="VocabularySize"><c>vocab_size</c>.</param>
/// <param name="MaxContextTokens"><c>max_position_embeddings</c>.</param>
/// <param name="RmsNormEpsilon"><c>rms_norm_eps</c>.</param>
internal sealed record CoreDefaults(int Heads, int VocabularySize, int MaxContextTokens, double RmsNormEpsilon);
