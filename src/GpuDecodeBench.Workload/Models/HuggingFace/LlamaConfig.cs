namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// <c>llama</c>: <c>attention_bias</c> puts biases on all four attention projections and <c>mlp_bias</c> on all three of the
/// feed-forward part; absent KV heads are as many as heads (transformers, <c>configuration_llama.py</c>, <c>modeling_llama.py</c>).
/// </summary>
internal sealed class LlamaConfig : IArchitectureConfig
{
    /// <inheritdoc/>
    public string ModelType => "llama";

    /// <inheritdoc/>
    public ModelShape Read(ConfigObject config, ConfigOrigin origin)
    {
        DecoderConfig.RequireActivation(config, "hidden_act", "silu");
        bool attentionBias = config.Bool("attention_bias", absent: false);
        var core = CoreKeys.Read(config);
        SlidingWindow.RequireNone(config, core.Layers);
        return DecoderConfig.Read(
            config,
            origin,
            new DecoderTraits
            {
                Architecture = ModelArchitecture.Llama,
                Core = core,
                QkvBias = attentionBias,
                OutputBias = attentionBias,
                FeedForward = DecoderConfig.Dense(core, bias: config.Bool("mlp_bias", absent: false)),
            }
        );
    }
}
