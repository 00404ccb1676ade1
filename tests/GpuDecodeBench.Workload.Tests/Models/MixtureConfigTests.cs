using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Workload.Tests.Models;

/// <summary>mixtral, qwen3_moe and gpt_oss: what follows from keys that are there, and from keys that are not.</summary>
public class MixtureConfigTests
{
    private static readonly (string Key, string? Json)[] s_mixtral =
    [
        ("model_type", "\"mixtral\""),
        ("num_local_experts", "6"),
        ("num_experts_per_tok", "2"),
    ];

    private static readonly (string Key, string? Json)[] s_qwen3 =
    [
        ("model_type", "\"qwen3_moe\""),
        ("num_experts", "16"),
        ("num_experts_per_tok", "4"),
        ("moe_intermediate_size", "96"),
    ];

    private static readonly (string Key, string? Json)[] s_gptOss =
    [
        ("model_type", "\"gpt_oss\""),
        ("num_local_experts", "16"),
        ("num_experts_per_tok", "4"),
    ];

    [Fact]
    public void MixtralHasExpertsInEveryLayerAndNoWindow()
    {
        ModelShape model = Read(s_mixtral, ("num_key_value_heads", null));
        Assert.Equal(ModelArchitecture.Mixtral, model.Architecture);
        Assert.False(model.TieEmbeddings);
        var attention = Attention(model);
        Assert.Equal(8, attention.KvHeads);
        Assert.Equal(1_000_000, attention.Rope.Theta);
        Assert.False(attention.QkvBias || attention.OutputBias || attention.QueryKeyNorm || attention.Sinks);
        Assert.Equal("----", TestConfigs.Windows(model));
        Assert.Equal(
            new MixtureOfExperts
            {
                Experts = 6,
                ExpertsPerToken = 2,
                ExpertIntermediateSize = 704,
                Router = new RouterShape { Scoring = RouterScoring.Softmax, NormalizeWeights = true },
            },
            model.Layers[3].FeedForward
        );
    }

    [Theory]
    [InlineData("null", "----")]
    [InlineData("512", "ssss")]
    public void MixtralsWindowHoldsForAllLayers(string json, string expected) =>
        Assert.Equal(expected, TestConfigs.Windows(Read(s_mixtral, ("sliding_window", json))));

    [Fact]
    public void ExpertsAreCountedUnderBothNamesOfTheKey()
    {
        Assert.Equal(6, Mixture(Read(s_mixtral, ("num_local_experts", null), ("num_experts", "6"))).Experts);
        Assert.Equal(16, Mixture(Read(s_qwen3, ("num_experts", null), ("num_local_experts", "16"))).Experts);
        Assert.Equal(
            4,
            Mixture(Read(s_gptOss, ("num_experts_per_tok", null), ("experts_per_token", "4"))).ExpertsPerToken
        );
    }

    [Fact]
    public void Qwen3MoeDefaultsAreThoseOfTransformers()
    {
        ModelShape model = Read(s_qwen3, ("num_attention_heads", "16"), ("num_key_value_heads", null));
        GroupedQueryAttention attention = Attention(model);
        Assert.Equal(4, attention.KvHeads);
        Assert.Equal(256 / 16, attention.HeadDimension);
        Assert.Equal(10_000, attention.Rope.Theta);
        Assert.True(attention.QueryKeyNorm);
        Assert.False(attention.QkvBias || attention.OutputBias);
        Assert.Equal("----", TestConfigs.Windows(model));
        Assert.Equal(
            new MixtureOfExperts
            {
                Experts = 16,
                ExpertsPerToken = 4,
                ExpertIntermediateSize = 96,
                Router = new RouterShape { Scoring = RouterScoring.Softmax, NormalizeWeights = false },
            },
            model.Layers[0].FeedForward
        );
    }

    [Theory]
    [InlineData(null, null, "eeee")]
    [InlineData("1", "[]", "eeee")]
    [InlineData("2", null, "-e-e")]
    [InlineData("3", "null", "--e-")]
    [InlineData("5", null, "----")]
    [InlineData(null, "[0, 3]", "-ee-")]
    [InlineData("2", "[1, 1]", "---e")]
    public void DenseLayersAmongExpertsFollowBothKeys(string? step, string? dense, string expected)
    {
        ModelShape model = Read(s_qwen3, ("decoder_sparse_step", step), ("mlp_only_layers", dense));
        Assert.Equal(
            expected,
            string.Concat(model.Layers.Select(layer => layer.FeedForward is MixtureOfExperts ? 'e' : '-'))
        );
        Assert.All(
            model.Layers.Select(layer => layer.FeedForward).OfType<GatedFeedForward>(),
            feedForward => Assert.Equal(704, feedForward.IntermediateSize)
        );
    }

    [Fact]
    public void Qwen3MoeReadsItsSwitches()
    {
        ModelShape model = Read(
            s_qwen3,
            ("norm_topk_prob", "true"),
            ("attention_bias", "true"),
            ("use_sliding_window", "true"),
            ("max_window_layers", "2")
        );
        Assert.True(Mixture(model).Router.NormalizeWeights);
        Assert.True(Attention(model).QkvBias && Attention(model).OutputBias);
        Assert.Equal("ssss", TestConfigs.Windows(model));
        Assert.Equal(4096, Attention(model).Window);
    }

    [Fact]
    public void GptOssDefaultsAreThoseOfTransformers()
    {
        ModelShape model = Read(s_gptOss, ("num_key_value_heads", null));
        GroupedQueryAttention attention = Attention(model);
        Assert.Equal(8, attention.KvHeads);
        Assert.Equal(64, attention.HeadDimension);
        Assert.True(attention.Sinks && attention.QkvBias && attention.OutputBias);
        Assert.False(attention.QueryKeyNorm);
        Assert.Equal(128, attention.Window);
        Assert.Equal("s-s-", TestConfigs.Windows(model));
        Assert.Equal(QuantizedParts.Experts, model.QuantizedParts);
        RopeShape published = ModelCatalogue.Find("gpt-oss-20b").Layers[0].Attention.Rope;
        Assert.Equal(published, attention.Rope);
        Assert.Equal(
            new MixtureOfExperts
            {
                Experts = 16,
                ExpertsPerToken = 4,
                ExpertIntermediateSize = 704,
                Activation = GatedActivationKind.ClampedSwiGlu,
                Bias = true,
                Router = new RouterShape
                {
                    Scoring = RouterScoring.Softmax,
                    NormalizeWeights = true,
                    Bias = true,
                },
            },
            model.Layers[0].FeedForward
        );
    }

    [Fact]
    public void GptOssReadsItsSwitches()
    {
        ModelShape model = Read(
            s_gptOss,
            ("layer_types", TestConfigs.LayerTypes("fsfs")),
            ("attention_bias", "false"),
            ("sliding_window", "64"),
            ("swiglu_limit", "7.0"),
            ("rope_theta", "1e4"),
            ("rope_scaling", """{"rope_type": "default"}""")
        );
        Assert.Equal("-s-s", TestConfigs.Windows(model));
        Assert.Equal(64, model.Layers[1].Attention.Window);
        Assert.False(Attention(model).QkvBias || Attention(model).OutputBias);
        Assert.Equal(new RopeShape { Theta = 10_000 }, Attention(model).Rope);
    }

    [Theory]
    [InlineData(
        "mixtral",
        "num_local_experts",
        null,
        "num_local_experts is missing; it must be a whole number from 1 to 4096"
    )]
    [InlineData(
        "mixtral",
        "num_local_experts",
        "5000",
        "num_local_experts is 5000, but must be a whole number from 1 to 4096"
    )]
    [InlineData("mixtral", "num_experts", "7", "num_experts is 7, but must be 6 as num_local_experts is")]
    [InlineData("mixtral", "num_experts_per_tok", null, "num_experts_per_tok is missing")]
    [InlineData(
        "mixtral",
        "num_experts_per_tok",
        "7",
        "num_experts_per_tok is 7, but must be at most the number of experts, which is 6"
    )]
    [InlineData(
        "mixtral",
        "num_experts_per_tok",
        "300",
        "num_experts_per_tok is 300, but must be a whole number from 1 to 256"
    )]
    [InlineData("mixtral", "hidden_act", "\"gelu\"", "hidden_act is \"gelu\"")]
    [InlineData("qwen3_moe", "moe_intermediate_size", null, "moe_intermediate_size is missing")]
    [InlineData("qwen3_moe", "num_experts", "0", "num_experts is 0, but must be a whole number from 1 to 4096")]
    [InlineData("qwen3_moe", "decoder_sparse_step", "0", "decoder_sparse_step is 0, but must be a whole number from 1")]
    [InlineData(
        "qwen3_moe",
        "mlp_only_layers",
        "[4]",
        "mlp_only_layers is [4], but must be an array of whole numbers from 0 to 3"
    )]
    [InlineData("qwen3_moe", "mlp_only_layers", "[-1]", "mlp_only_layers is [-1]")]
    [InlineData("qwen3_moe", "mlp_only_layers", "[\"0\"]", "mlp_only_layers is [\"0\"]")]
    [InlineData("qwen3_moe", "mlp_only_layers", "2", "mlp_only_layers is 2")]
    [InlineData("qwen3_moe", "norm_topk_prob", "1", "norm_topk_prob is 1, but must be true or false")]
    [InlineData("gpt_oss", "swiglu_limit", "10.0", "swiglu_limit is 10.0, but must be 7 or absent")]
    [InlineData("gpt_oss", "swiglu_limit", "\"7\"", "swiglu_limit is \"7\", but must be 7 or absent")]
    [InlineData("gpt_oss", "swiglu_alpha", "1", "swiglu_alpha is 1, but must be 1.702 or absent")]
    [InlineData("gpt_oss", "experts_per_token", "8", "experts_per_token is 8, but must be 4 as num_experts_per_tok is")]
    [InlineData("gpt_oss", "sliding_window", "null", "sliding_window is missing; it must be a whole number")]
    [InlineData("gpt_oss", "layer_types", "[]", "layer_types is an array of 0, but must be an array of 4")]
    public void AFaultIsNamed(string modelType, string key, string? json, string expected)
    {
        (string Key, string? Json)[] small = modelType switch
        {
            "mixtral" => s_mixtral,
            "qwen3_moe" => s_qwen3,
            _ => s_gptOss,
        };
        Assert.Contains(
            expected,
            TestConfigs.RefusalWith(TestConfigs.Over(small, (key, json))),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void ManyLargeExpertsAreRefusedByTheirParameters() =>
        Assert.Contains(
            "parameters; at most 10000000000000 are accepted",
            TestConfigs.RefusalWith(
                TestConfigs.Over(
                    s_mixtral,
                    ("num_hidden_layers", "1024"),
                    ("num_local_experts", "4096"),
                    ("hidden_size", "131072"),
                    ("head_dim", "128"),
                    ("intermediate_size", "1048576")
                )
            ),
            StringComparison.Ordinal
        );

    private static ModelShape Read((string Key, string? Json)[] small, params (string Key, string? Json)[] changes) =>
        TestConfigs.ReadWith(TestConfigs.Over(small, changes));

    private static GroupedQueryAttention Attention(ModelShape model) =>
        Assert.IsType<GroupedQueryAttention>(model.Layers[0].Attention);

    private static MixtureOfExperts Mixture(ModelShape model) =>
        Assert.IsType<MixtureOfExperts>(model.Layers[0].FeedForward);
}
