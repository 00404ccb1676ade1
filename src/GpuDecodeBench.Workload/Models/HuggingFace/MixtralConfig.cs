namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// <c>mixtral</c>: experts of <c>intermediate_size</c> in every layer, weighed by the softmax over those chosen; no biases, 8 KV heads
/// and a base of a million where those keys are absent, a window in all layers where one is given (transformers,
/// <c>configuration_mixtral.py</c>, <c>modeling_mixtral.py</c>).
/// </summary>
internal sealed class MixtralConfig : IArchitectureConfig
{
    private static readonly RopeRules s_rope = new() { DefaultTheta = 1_000_000 };

    /// <inheritdoc/>
    public string ModelType => "mixtral";

    /// <inheritdoc/>
    public ModelShape Read(ConfigObject config, ConfigOrigin origin)
    {
        DecoderConfig.RequireActivation(config, "hidden_act", "silu");
        var core = CoreKeys.Read(config);
        int experts = ExpertConfig.Count(config);
        var mixture = new MixtureOfExperts
        {
            Experts = experts,
            ExpertsPerToken = ExpertConfig.PerToken(config, experts),
            ExpertIntermediateSize = core.IntermediateSize,
            Router = new RouterShape { Scoring = RouterScoring.Softmax, NormalizeWeights = true },
        };
        return DecoderConfig.Read(
            config,
            origin,
            new DecoderTraits
            {
                Architecture = ModelArchitecture.Mixtral,
                Core = core,
                KvHeadsWhenAbsent = 8,
                Rope = headDimension => RopeConfig.Read(config, core, headDimension, s_rope),
                Window = SlidingWindow.OfAllLayers(config),
                FeedForward = _ => mixture,
            }
        );
    }
}
