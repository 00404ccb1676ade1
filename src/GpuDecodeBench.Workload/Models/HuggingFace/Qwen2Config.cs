namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// <c>qwen2</c>, Qwen2.5 included: biases always on queries, keys and values and never on the output; 32 KV heads where the key
/// is absent (transformers, <c>configuration_qwen2.py</c>, <c>modeling_qwen2.py</c>).
/// </summary>
internal sealed class Qwen2Config : IArchitectureConfig
{
    /// <inheritdoc/>
    public string ModelType => "qwen2";

    /// <inheritdoc/>
    public ModelShape Read(ConfigObject config, ConfigOrigin origin)
    {
        DecoderConfig.RequireActivation(config, "hidden_act", "silu");
        var core = CoreKeys.Read(config);
        return DecoderConfig.Read(
            config,
            origin,
            new DecoderTraits
            {
                Architecture = ModelArchitecture.Qwen2,
                Core = core,
                KvHeadsWhenAbsent = 32,
                QkvBias = true,
                Window = SlidingWindow.OfQwen(config, core.Layers),
                FeedForward = DecoderConfig.Dense(core),
            }
        );
    }
}
