namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// <c>gpt_oss</c>: sinks, biases on all projections and the router, experts of <c>intermediate_size</c> with a clamped SwiGLU, and a
/// window of 128 in every other layer, the first one included, unless <c>layer_types</c> says otherwise. The weights of the
/// chosen experts are the softmax over their logits. Heads of 64, 8 KV heads, a base of 150,000 and a YaRN scaling by 32 from
/// 4096 tokens with a ramp that is not rounded where those keys are absent (transformers, <c>configuration_gpt_oss.py</c>,
/// <c>modeling_gpt_oss.py</c>).
/// </summary>
/// <remarks>
/// Its checkpoints quantise the experts alone: <c>modules_to_not_convert</c> names attention, router, embedding and LM head.
/// </remarks>
internal sealed class GptOssConfig : IArchitectureConfig
{
    private const double DefaultFactor = 32;

    private static readonly RopeRules s_rope = new()
    {
        DefaultTheta = 150_000,
        WhenAbsent = new RopeShape
        {
            Theta = 150_000,
            Scaling = RopeScalingKind.Yarn,
            Factor = DefaultFactor,
            Magnitude = (0.1 * Math.Log(DefaultFactor)) + 1,
            OriginalMaxContextTokens = 4096,
            WholeRampEnds = false,
        },
    };

    /// <inheritdoc/>
    public string ModelType => "gpt_oss";

    /// <inheritdoc/>
    public ModelShape Read(ConfigObject config, ConfigOrigin origin)
    {
        DecoderConfig.RequireActivation(config, "hidden_act", "silu");
        config.RequireNumber("swiglu_alpha", 1.702);
        config.RequireNumber("swiglu_limit", 7);
        bool attentionBias = config.Bool("attention_bias", absent: true);
        var core = CoreKeys.Read(config);
        int experts = ExpertConfig.Count(config);
        var mixture = new MixtureOfExperts
        {
            Experts = experts,
            ExpertsPerToken = ExpertConfig.PerToken(config, experts),
            ExpertIntermediateSize = core.IntermediateSize,
            Activation = GatedActivationKind.ClampedSwiGlu,
            Bias = true,
            Router = new RouterShape
            {
                Scoring = RouterScoring.Softmax,
                NormalizeWeights = true,
                Bias = true,
            },
        };
        return DecoderConfig.Read(
            config,
            origin,
            new DecoderTraits
            {
                Architecture = ModelArchitecture.GptOss,
                Core = core,
                KvHeadsWhenAbsent = 8,
                HeadDimensionWhenAbsent = 64,
                Rope = headDimension => RopeConfig.Read(config, core, headDimension, s_rope),
                QkvBias = attentionBias,
                OutputBias = attentionBias,
                Sinks = true,
                Window = SlidingWindow.OfPattern(config, core.Layers, tokensWhenAbsent: 128, fullEvery: 2),
                FeedForward = _ => mixture,
                QuantizedParts = QuantizedParts.Experts,
            }
        );
    }
}
