namespace GpuDecodeBench.Workload.Models;

/// <summary>
/// What a model configuration may ask for at most. The limits stand well above any published model; they are there so that a
/// damaged or hostile file is refused before anything is allocated or computed from it.
/// </summary>
public static class ConfigLimits
{
    /// <summary>Bytes of a <c>config.json</c>. Published ones have a few thousand.</summary>
    public const int MaxFileBytes = 1 << 20;

    /// <summary>Nested objects and arrays in a <c>config.json</c>.</summary>
    public const int MaxDepth = 32;

    /// <summary><c>num_hidden_layers</c>.</summary>
    public const int MaxLayers = 1024;

    /// <summary><c>hidden_size</c>.</summary>
    public const int MaxHiddenSize = 131_072;

    /// <summary><c>num_attention_heads</c> and <c>num_key_value_heads</c>.</summary>
    public const int MaxHeads = 1024;

    /// <summary><c>head_dim</c>, given or derived.</summary>
    public const int MaxHeadDimension = 1024;

    /// <summary><c>intermediate_size</c>.</summary>
    public const int MaxIntermediateSize = 1 << 20;

    /// <summary>Experts of a layer; their groups are fewer.</summary>
    public const int MaxExperts = 4096;

    /// <summary><c>num_experts_per_tok</c>.</summary>
    public const int MaxExpertsPerToken = 256;

    /// <summary><c>n_shared_experts</c>.</summary>
    public const int MaxSharedExperts = 64;

    /// <summary><c>q_lora_rank</c> and <c>kv_lora_rank</c>.</summary>
    public const int MaxLatentDimension = 16_384;

    /// <summary><c>vocab_size</c>.</summary>
    public const int MaxVocabularySize = 1 << 22;

    /// <summary><c>max_position_embeddings</c>, <c>original_max_position_embeddings</c> and <c>sliding_window</c>, in tokens.</summary>
    public const int MaxContextTokens = 1 << 26;

    /// <summary>Parameters of the whole model.</summary>
    public const long MaxParameters = 10_000_000_000_000;

    /// <summary>The smallest <c>rms_norm_eps</c>.</summary>
    public const double MinRmsNormEpsilon = 1e-12;

    /// <summary>The largest <c>rms_norm_eps</c>.</summary>
    public const double MaxRmsNormEpsilon = 0.1;

    /// <summary>The smallest <c>rope_theta</c>.</summary>
    public const double MinRopeTheta = 1;

    /// <summary>The largest <c>rope_theta</c>.</summary>
    public const double MaxRopeTheta = 1e15;

    /// <summary>The smallest of the factors of a RoPE scaling.</summary>
    public const double MinRopeFactor = 1e-6;

    /// <summary>The largest of the factors of a RoPE scaling.</summary>
    public const double MaxRopeFactor = 1e6;

    /// <summary>The smallest soft cap, score scalar and factor on experts' weights.</summary>
    public const double MinScale = 1e-3;

    /// <summary>The largest soft cap, score scalar and factor on experts' weights.</summary>
    public const double MaxScale = 1e6;
}
