namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// <c>mistral</c>: no biases; 8 KV heads and a window of 4096 where those keys are absent (transformers,
/// <c>configuration_mistral.py</c>).
/// </summary>
internal sealed class MistralConfig : IArchitectureConfig
{
    /// <inheritdoc/>
    public string ModelType => "mistral";

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
                Architecture = ModelArchitecture.Mistral,
                Core = core,
                KvHeadsWhenAbsent = 8,
                Window = SlidingWindow.OfMistral(config, core.Layers),
                FeedForward = DecoderConfig.Dense(core),
            }
        );
    }
}
