namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// <c>qwen3_moe</c>: Qwen3's attention; experts in every layer whose number, from 1, <c>decoder_sparse_step</c> divides and that
/// <c>mlp_only_layers</c> does not name, a dense part of <c>intermediate_size</c> in the others. The weights of the chosen experts are
/// those of the softmax over all, unless <c>norm_topk_prob</c> is true. 4 KV heads where the key is absent; a window, where
/// <c>use_sliding_window</c> asks for one, in all layers (transformers, <c>configuration_qwen3_moe.py</c>,
/// <c>modeling_qwen3_moe.py</c>).
/// </summary>
internal sealed class Qwen3MoeConfig : IArchitectureConfig
{
    /// <inheritdoc/>
    public string ModelType => "qwen3_moe";

    /// <inheritdoc/>
    public ModelShape Read(ConfigObject config, ConfigOrigin origin)
    {
        DecoderConfig.RequireActivation(config, "hidden_act", "silu");
        bool attentionBias = config.Bool("attention_bias", absent: false);
        var core = CoreKeys.Read(config);
        return DecoderConfig.Read(
            config,
            origin,
            new DecoderTraits
            {
                Architecture = ModelArchitecture.Qwen3Moe,
                Core = core,
                KvHeadsWhenAbsent = 4,
                QkvBias = attentionBias,
                OutputBias = attentionBias,
                QueryKeyNorm = true,
                Window = SlidingWindow.OfQwen3Moe(config),
                FeedForward = FeedForward(config, core),
            }
        );
    }

    private static Func<int, FeedForwardShape> FeedForward(ConfigObject config, CoreKeys core)
    {
        int experts = ExpertConfig.Count(config);
        var mixture = new MixtureOfExperts
        {
            Experts = experts,
            ExpertsPerToken = ExpertConfig.PerToken(config, experts),
            ExpertIntermediateSize = ExpertConfig.IntermediateSize(config),
            Router = new RouterShape
            {
                Scoring = RouterScoring.Softmax,
                NormalizeWeights = config.Bool("norm_topk_prob", absent: false),
            },
        };
        Func<int, FeedForwardShape> dense = DecoderConfig.Dense(core);
        int step = config.IntOrNull("decoder_sparse_step", 1, ConfigLimits.MaxLayers) ?? 1;
        bool[]? denseLayers = config.IndicesOrNull("mlp_only_layers", core.Layers);
        return layer => denseLayers?[layer] == true || (layer + 1) % step != 0 ? dense(layer) : mixture;
    }
}
