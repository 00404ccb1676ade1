namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// <c>deepseek_v3</c>: latent attention, the first <c>first_k_dense_replace</c> layers dense, then experts in groups with a shared one,
/// scored by the logistic function plus a bias for the choice. 3 dense layers, 8 groups of which 4 are used, 1 shared expert, a
/// weight factor of 2.5, normalised weights and queries compressed to 1536 where those keys are absent (transformers,
/// <c>configuration_deepseek_v3.py</c>, <c>modeling_deepseek_v3.py</c>).
/// </summary>
/// <remarks>
/// Keys of DeepSeek's own program that transformers does not read are accepted with the only meaning that both know:
/// <c>moe_layer_freq</c> 1, <c>scoring_func</c> sigmoid, <c>topk_method</c> noaux_tc. The layers of multi-token prediction
/// (<c>num_nextn_predict_layers</c>) are not part of a decode step and not counted. Whether pairs to rotate lie side by side
/// (<c>rope_interleave</c>) is an order of the projections' rows and changes nothing here.
/// </remarks>
internal sealed class DeepSeekV3Config : IArchitectureConfig
{
    private const int DefaultQueryLatent = 1536;

    /// <inheritdoc/>
    public string ModelType => "deepseek_v3";

    /// <inheritdoc/>
    public ModelShape Read(ConfigObject config, ConfigOrigin origin)
    {
        DecoderConfig.RequireActivation(config, "hidden_act", "silu");
        config.RequireFalse("attention_bias", "biases of latent attention are not supported");
        config.RequireNumber("moe_layer_freq", 1);
        config.RequireText("scoring_func", "sigmoid");
        config.RequireText("topk_method", "noaux_tc");
        _ = config.Bool("rope_interleave", absent: true);
        _ = config.IntOrNull("num_nextn_predict_layers", 0, ConfigLimits.MaxLayers);
        var core = CoreKeys.Read(config);
        MultiHeadLatentAttention attention = Attention(config, core);
        int denseLayers = config.IntOrNull("first_k_dense_replace", 0, ConfigLimits.MaxLayers) ?? 3;
        var dense = new LayerShape(attention, DecoderConfig.Dense(core)(0));
        var sparse = new LayerShape(attention, Experts(config));
        return DecoderConfig.Build(
            config,
            origin,
            ModelArchitecture.DeepSeekV3,
            core,
            layer => layer < denseLayers ? dense : sparse,
            tieWhenAbsent: false
        );
    }

    private static MultiHeadLatentAttention Attention(ConfigObject config, CoreKeys core)
    {
        const string KvHeadsKey = "num_key_value_heads";
        if (config.IntOrNull(KvHeadsKey, 1, ConfigLimits.MaxHeads) is int kvHeads && kvHeads != core.Heads)
        {
            throw config.Refused(KvHeadsKey, $"{kvHeads}", $"{core.Heads} as num_attention_heads is, or absent");
        }

        const string QueryKey = "q_lora_rank";
        int? queryLatent = config.IntOrNull(QueryKey, 1, ConfigLimits.MaxLatentDimension);
        int rotated = config.Int("qk_rope_head_dim", 1, ConfigLimits.MaxHeadDimension);
        if (rotated % 2 != 0)
        {
            throw config.Refused(
                "qk_rope_head_dim",
                $"{rotated}",
                "an even number, because RoPE rotates pairs of elements"
            );
        }

        var attention = new MultiHeadLatentAttention
        {
            Heads = core.Heads,
            QueryLatentDimension = config.Has(QueryKey) ? queryLatent : DefaultQueryLatent,
            LatentDimension = config.Int("kv_lora_rank", 1, ConfigLimits.MaxLatentDimension),
            PlainDimension = config.Int("qk_nope_head_dim", 1, ConfigLimits.MaxHeadDimension),
            RotatedDimension = rotated,
            HeadValueDimension = config.Int("v_head_dim", 1, ConfigLimits.MaxHeadDimension),
            Rope = RopeConfig.Read(config, core, rotated),
        };
        double correction =
            RopeConfig.Block(config) is ConfigObject block && RopeConfig.TypeOf(block, RopeRules.Usual) == "yarn"
                ? ScaledRope.YarnScoreCorrection(block)
                : 1;
        return correction.Equals(1.0) ? attention : attention with { Scale = attention.ScoreScale * correction };
    }

    private static MixtureOfExperts Experts(ConfigObject config)
    {
        int experts = config.Int("n_routed_experts", "num_local_experts", 1, ConfigLimits.MaxExperts);
        int perToken = ExpertConfig.PerToken(config, experts);
        int groups = config.IntOrNull("n_group", 1, ConfigLimits.MaxExperts) ?? 8;
        int groupsPerToken = config.IntOrNull("topk_group", 1, ConfigLimits.MaxExperts) ?? 4;
        int size = ExpertConfig.IntermediateSize(config);
        CheckGroups(config, experts, perToken, groups, groupsPerToken);
        int shared = config.Has("n_shared_experts")
            ? config.IntOrNull("n_shared_experts", 0, ConfigLimits.MaxSharedExperts) ?? 0
            : 1;
        return new MixtureOfExperts
        {
            Experts = experts,
            ExpertsPerToken = perToken,
            ExpertIntermediateSize = size,
            SharedIntermediateSize = shared * size,
            Router = new RouterShape
            {
                Scoring = RouterScoring.Sigmoid,
                NormalizeWeights = config.Bool("norm_topk_prob", absent: true),
                WeightFactor =
                    config.NumberOrNull("routed_scaling_factor", ConfigLimits.MinScale, ConfigLimits.MaxScale) ?? 2.5,
                ChoiceBias = true,
                Groups = groups,
                GroupsPerToken = groupsPerToken,
            },
        };
    }

    private static void CheckGroups(ConfigObject config, int experts, int perToken, int groups, int groupsPerToken)
    {
        // A group's score is the sum of its two best.
        if (experts % groups != 0 || (groups > 1 && experts / groups < 2))
        {
            throw config.Refused(
                "n_group",
                $"{groups}",
                $"a divisor of n_routed_experts, which is {experts}, that leaves two experts or more to a group"
            );
        }

        if (groupsPerToken > groups)
        {
            throw config.Refused("topk_group", $"{groupsPerToken}", $"at most n_group, which is {groups}");
        }

        if (perToken > groupsPerToken * (experts / groups))
        {
            throw config.Refused(
                "num_experts_per_tok",
                $"{perToken}",
                $"at most the experts of topk_group groups, which are {groupsPerToken * (experts / groups)}"
            );
        }
    }
}
