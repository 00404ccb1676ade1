namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>What Gemma 2 and Gemma 3 have in common.</summary>
internal static class GemmaConfig
{
    private const double DefaultScoreScalar = 256;

    /// <summary>The traits of Gemma 2; Gemma 3 changes some.</summary>
    /// <param name="config">The configuration of the language model.</param>
    /// <param name="core">What is read of the model as a whole.</param>
    /// <param name="scoreCapWhenAbsent">The soft cap of the scores where <c>attn_logit_softcapping</c> is absent.</param>
    /// <param name="logitCapWhenAbsent">The soft cap of the logits where <c>final_logit_softcapping</c> is absent.</param>
    public static DecoderTraits Traits(
        ConfigObject config,
        CoreKeys core,
        double? scoreCapWhenAbsent,
        double? logitCapWhenAbsent
    )
    {
        DecoderConfig.RequireActivation(config, "hidden_activation", "gelu_pytorch_tanh");
        config.RequireFalse("use_bidirectional_attention", "a decode step attends to earlier tokens alone");
        bool attentionBias = config.Bool("attention_bias", absent: false);
        double scalar =
            config.NumberOrNull("query_pre_attn_scalar", ConfigLimits.MinScale, ConfigLimits.MaxScale)
            ?? DefaultScoreScalar;
        return new DecoderTraits
        {
            Architecture = ModelArchitecture.Gemma2,
            Core = core,
            KvHeadsWhenAbsent = 4,
            HeadDimensionWhenAbsent = 256,
            QkvBias = attentionBias,
            OutputBias = attentionBias,
            ScoreScale = 1 / Math.Sqrt(scalar),
            ScoreSoftCap = SoftCap(config, "attn_logit_softcapping", scoreCapWhenAbsent),
            FeedForward = DecoderConfig.Dense(core, GatedActivationKind.GeluTanh),
            PostNorms = true,
            TieWhenAbsent = true,
            ScaleEmbedding = true,
            LogitSoftCap = SoftCap(config, "final_logit_softcapping", logitCapWhenAbsent),
        };
    }

    /// <summary>A soft cap; a null means none, whatever the default.</summary>
    private static double? SoftCap(ConfigObject config, string key, double? absent) =>
        config.Has(key) ? config.NumberOrNull(key, ConfigLimits.MinScale, ConfigLimits.MaxScale) : absent;
}
