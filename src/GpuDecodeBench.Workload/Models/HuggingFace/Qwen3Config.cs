namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// <c>qwen3</c>: a norm on each head's queries and keys, <c>attention_bias</c> on all four attention projections; 32 KV heads
/// and heads of 128 where those keys are absent (transformers, <c>configuration_qwen3.py</c>, <c>modeling_qwen3.py</c>).
/// </summary>
internal sealed class Qwen3Config : IArchitectureConfig
{
    /// <inheritdoc/>
    public string ModelType => "qwen3";

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
                Architecture = ModelArchitecture.Qwen3,
                Core = core,
                KvHeadsWhenAbsent = 32,
                HeadDimensionWhenAbsent = 128,
                QkvBias = attentionBias,
                OutputBias = attentionBias,
                QueryKeyNorm = true,
                Window = SlidingWindow.OfQwen(config, core.Layers),
                FeedForward = DecoderConfig.Dense(core),
            }
        );
    }
}
