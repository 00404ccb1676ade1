using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Workload.Tests.Models;

/// <summary>deepseek_v3: what follows from keys that are there, and from keys that are not.</summary>
public class DeepSeekConfigTests
{
    private static readonly (string Key, string? Json)[] s_small =
    [
        ("model_type", "\"deepseek_v3\""),
        ("num_key_value_heads", "8"),
        ("kv_lora_rank", "32"),
        ("qk_nope_head_dim", "24"),
        ("qk_rope_head_dim", "8"),
        ("v_head_dim", "16"),
        ("n_routed_experts", "32"),
        ("num_experts_per_tok", "4"),
        ("moe_intermediate_size", "48"),
    ];

    [Fact]
    public void AbsentKeysFollowTransformers()
    {
        ModelShape model = Read();
        Assert.Equal(ModelArchitecture.DeepSeekV3, model.Architecture);
        Assert.False(model.TieEmbeddings);
        Assert.Equal(
            new MultiHeadLatentAttention
            {
                Heads = 8,
                QueryLatentDimension = 1536,
                LatentDimension = 32,
                PlainDimension = 24,
                RotatedDimension = 8,
                HeadValueDimension = 16,
                Rope = new RopeShape { Theta = 10_000 },
            },
            model.Layers[0].Attention
        );
        Assert.Equal(new GatedFeedForward { IntermediateSize = 704 }, model.Layers[2].FeedForward);
        Assert.Equal(
            new MixtureOfExperts
            {
                Experts = 32,
                ExpertsPerToken = 4,
                ExpertIntermediateSize = 48,
                SharedIntermediateSize = 48,
                Router = new RouterShape
                {
                    Scoring = RouterScoring.Sigmoid,
                    NormalizeWeights = true,
                    WeightFactor = 2.5,
                    ChoiceBias = true,
                    Groups = 8,
                    GroupsPerToken = 4,
                },
            },
            model.Layers[3].FeedForward
        );
    }

    [Fact]
    public void GivenKeysAreRead()
    {
        ModelShape model = Read(
            ("q_lora_rank", "64"),
            ("first_k_dense_replace", "1"),
            ("n_shared_experts", "2"),
            ("n_group", "1"),
            ("topk_group", "1"),
            ("norm_topk_prob", "false"),
            ("routed_scaling_factor", "1.0"),
            ("moe_layer_freq", "1"),
            ("rope_interleave", "false"),
            ("num_nextn_predict_layers", "1"),
            ("tie_word_embeddings", "true")
        );
        Assert.True(model.TieEmbeddings);
        Assert.Equal(64, ((MultiHeadLatentAttention)model.Layers[0].Attention).QueryLatentDimension);
        var mixture = Assert.IsType<MixtureOfExperts>(model.Layers[1].FeedForward);
        Assert.IsType<GatedFeedForward>(model.Layers[0].FeedForward);
        Assert.Equal(96, mixture.SharedIntermediateSize);
        Assert.Equal(
            new RouterShape
            {
                Scoring = RouterScoring.Sigmoid,
                NormalizeWeights = false,
                ChoiceBias = true,
            },
            mixture.Router
        );
        Assert.Equal(4, model.Layers.Length);
    }

    [Fact]
    public void ANullMeansNoCompressedQueriesAndNoSharedExpert()
    {
        ModelShape model = Read(("q_lora_rank", "null"), ("n_shared_experts", "null"), ("first_k_dense_replace", "0"));
        Assert.Null(((MultiHeadLatentAttention)model.Layers[0].Attention).QueryLatentDimension);
        Assert.Equal(0, ((MixtureOfExperts)model.Layers[0].FeedForward).SharedIntermediateSize);
    }

    [Fact]
    public void MoreDenseLayersThanLayersLeaveNoExperts() =>
        Assert.All(
            Read(("first_k_dense_replace", "9")).Layers,
            layer => Assert.IsType<GatedFeedForward>(layer.FeedForward)
        );

    [Fact]
    public void YarnScalesTheScoresByTheSquareOfMscaleAllDimAndTheRotationByTheQuotient()
    {
        // 0.1 ln 40 + 1 = 1.36889; squared over the root of 128 + 64.
        AttentionShape attention = ModelCatalogue.Find("deepseek-v3").Layers[0].Attention;
        Assert.Equal(0.1352337788608801, attention.ScoreScale, 1e-15);
        Assert.Equal(1, attention.Rope.Magnitude);

        // deepseek-v2's own: both mscales 0.707 there; apart here, so that the quotient shows.
        AttentionShape apart = Yarn("\"mscale\": 0.707, \"mscale_all_dim\": 1.0,");
        Assert.Equal(0.9210423553163399, apart.Rope.Magnitude, 1e-15);
        Assert.Equal(1.3688879454113936 * 1.3688879454113936 / Math.Sqrt(32), apart.ScoreScale, 1e-15);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\"mscale\": 1.0,")]
    [InlineData("\"mscale\": 1.0, \"mscale_all_dim\": 0,")]
    public void WithoutMscaleAllDimTheScoresAreScaledAsUsual(string mscales)
    {
        AttentionShape attention = Yarn(mscales);
        Assert.Null(attention.Scale);
        Assert.Equal(1.3688879454113936, attention.Rope.Magnitude, 1e-15);
    }

    [Theory]
    [InlineData("kv_lora_rank", null, "kv_lora_rank is missing; it must be a whole number from 1 to 16384")]
    [InlineData("qk_nope_head_dim", null, "qk_nope_head_dim is missing")]
    [InlineData("qk_rope_head_dim", "7", "qk_rope_head_dim is 7, but must be an even number")]
    [InlineData("v_head_dim", "0", "v_head_dim is 0, but must be a whole number from 1 to 1024")]
    [InlineData("q_lora_rank", "100000", "q_lora_rank is 100000, but must be a whole number from 1 to 16384")]
    [InlineData("num_key_value_heads", "2", "num_key_value_heads is 2, but must be 8 as num_attention_heads is")]
    [InlineData("attention_bias", "true", "attention_bias is true, but must be false or absent")]
    [InlineData("moe_layer_freq", "2", "moe_layer_freq is 2, but must be 1 or absent")]
    [InlineData("scoring_func", "\"softmax\"", "scoring_func is \"softmax\", but must be \"sigmoid\" or absent")]
    [InlineData("topk_method", "\"greedy\"", "topk_method is \"greedy\", but must be \"noaux_tc\" or absent")]
    [InlineData("n_routed_experts", null, "n_routed_experts is missing")]
    [InlineData("n_group", "5", "n_group is 5, but must be a divisor of n_routed_experts, which is 32")]
    [InlineData("n_group", "32", "leaves two experts or more to a group")]
    [InlineData("topk_group", "9", "topk_group is 9, but must be at most n_group, which is 8")]
    [InlineData(
        "num_experts_per_tok",
        "17",
        "num_experts_per_tok is 17, but must be at most the experts of topk_group groups, which are 16"
    )]
    [InlineData("n_shared_experts", "65", "n_shared_experts is 65, but must be a whole number from 0 to 64")]
    [InlineData("first_k_dense_replace", "-1", "first_k_dense_replace is -1")]
    [InlineData("routed_scaling_factor", "0", "routed_scaling_factor is 0, but must be a number from 0.001")]
    [InlineData("rope_interleave", "1", "rope_interleave is 1, but must be true or false")]
    [InlineData("partial_rotary_factor", "0.5", "partial_rotary_factor is 0.5, but must be 1 or absent")]
    public void AFaultIsNamed(string key, string? json, string expected) =>
        Assert.Contains(
            expected,
            TestConfigs.RefusalWith(TestConfigs.Over(s_small, (key, json))),
            StringComparison.Ordinal
        );

    private static AttentionShape Yarn(string mscales) =>
        Read(
            (
                "rope_scaling",
                $$"""{"type": "yarn", {{mscales}} "factor": 40, "original_max_position_embeddings": 4096}"""
            )
        )
            .Layers[0]
            .Attention;

    private static ModelShape Read(params (string Key, string? Json)[] changes) =>
        TestConfigs.ReadWith(TestConfigs.Over(s_small, changes));
}
