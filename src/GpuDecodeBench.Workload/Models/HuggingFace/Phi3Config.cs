namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// <c>phi3</c>, Phi-4 included: Llama with no biases and, where <c>partial_rotary_factor</c> is given, RoPE over the first part of each
/// head; scaled, if at all, by LongRoPE, which first files call <c>su</c> or <c>yarn</c>, from 4096 tokens where
/// <c>original_max_position_embeddings</c> is absent; a window in all layers where one is given (transformers,
/// <c>configuration_phi3.py</c>, <c>modeling_phi3.py</c>). That the checkpoints fuse projections changes no shape: the plan does too.
/// </summary>
internal sealed class Phi3Config : IArchitectureConfig
{
    private static readonly RopeRules s_rope = new()
    {
        Types = ["default", "longrope"],
        LongRopeNames = ["su", "yarn"],
        PartialHeads = true,
        OriginalContextWhenAbsent = 4096,
    };

    /// <inheritdoc/>
    public string ModelType => "phi3";

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
                Architecture = ModelArchitecture.Phi3,
                Core = core,
                Rope = headDimension => RopeConfig.Read(config, core, headDimension, s_rope),
                Window = SlidingWindow.OfAllLayers(config),
                FeedForward = DecoderConfig.Dense(core),
            }
        );
    }
}
