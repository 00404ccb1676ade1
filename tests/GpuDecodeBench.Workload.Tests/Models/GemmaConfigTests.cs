using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Workload.Tests.Models;

/// <summary>gemma2, gemma3_text and gemma3: what follows from keys that are there, and from keys that are not.</summary>
public class GemmaConfigTests
{
    private const string SmallText =
        "\"hidden_size\": 256, \"intermediate_size\": 704, \"num_hidden_layers\": 7, \"num_attention_heads\": 8";

    [Fact]
    public void Gemma2DefaultsAreThoseOfTransformers()
    {
        ModelShape model = Read("gemma2", ("num_key_value_heads", null));
        Assert.Equal(ModelArchitecture.Gemma2, model.Architecture);
        Assert.True(model.TieEmbeddings);
        Assert.Equal(16, model.EmbeddingScale);
        Assert.Equal(30, model.LogitSoftCap);
        Assert.Equal(
            new GroupedQueryAttention
            {
                Heads = 8,
                KvHeads = 4,
                HeadDimension = 256,
                Rope = new RopeShape { Theta = 10_000 },
                Window = 4096,
                Scale = 1.0 / 16,
                LogitSoftCap = 50,
            },
            model.Layers[0].Attention
        );
        Assert.Equal("s-s-", TestConfigs.Windows(model));
        Assert.All(model.Layers, layer => Assert.True(layer.PostNorms));
        Assert.Equal(
            new GatedFeedForward { IntermediateSize = 704, Activation = GatedActivationKind.GeluTanh },
            model.Layers[0].FeedForward
        );
    }

    [Fact]
    public void Gemma2ReadsItsSwitches()
    {
        ModelShape model = Read(
            "gemma2",
            ("head_dim", "64"),
            ("query_pre_attn_scalar", "144"),
            ("attn_logit_softcapping", "null"),
            ("final_logit_softcapping", "null"),
            ("sliding_window", "512"),
            ("layer_types", TestConfigs.LayerTypes("ffsf")),
            ("attention_bias", "true"),
            ("use_bidirectional_attention", "false"),
            ("tie_word_embeddings", "false")
        );
        GroupedQueryAttention attention = Attention(model, 2);
        Assert.Equal("--s-", TestConfigs.Windows(model));
        Assert.Equal(512, attention.Window);
        Assert.Equal(64, attention.HeadDimension);
        Assert.Equal(1.0 / 12, attention.ScoreScale);
        Assert.Null(attention.LogitSoftCap);
        Assert.Null(model.LogitSoftCap);
        Assert.True(attention.QkvBias && attention.OutputBias);
        Assert.False(model.TieEmbeddings);
    }

    [Fact]
    public void Gemma3DefaultsAreThoseOfTransformersEvenForCoreKeys()
    {
        ModelShape model = TestConfigs.Read(
            """
            {"model_type": "gemma3_text", "hidden_size": 2560, "intermediate_size": 10240, "num_hidden_layers": 34}
            """
        );
        GroupedQueryAttention attention = Attention(model, 0);
        Assert.Equal(8, attention.Heads);
        Assert.Equal(4, attention.KvHeads);
        Assert.Equal(256, attention.HeadDimension);
        Assert.Equal(262_208, model.VocabularySize);
        Assert.Equal(131_072, model.MaxContextTokens);
        Assert.Equal(1e-6, model.RmsNormEpsilon);
        Assert.True(model.TieEmbeddings && attention.QueryKeyNorm && model.Layers[0].PostNorms);
        Assert.Null(attention.LogitSoftCap);
        Assert.Null(model.LogitSoftCap);
        Assert.Equal(4096, attention.Window);
        Assert.Equal(10_000, attention.Rope.Theta);
        Assert.Equal(1.0 / 16, attention.ScoreScale);
        Assert.Equal(new RopeShape { Theta = 1_000_000 }, model.Layers[5].Attention.Rope);
        Assert.Null(model.Layers[5].Attention.Window);
        Assert.Equal("sssss-sssss-sssss-sssss-sssss-ssss", TestConfigs.Windows(model));
        Assert.Equal(2, model.Layers.Distinct(ReferenceEqualityComparer.Instance).Count());
    }

    [Theory]
    [InlineData("\"sliding_window_pattern\": 3", "ss-ss-s")]
    [InlineData("\"sliding_window_pattern\": 1", "-------")]
    [InlineData("\"_sliding_window_pattern\": 3", "sssss-s")]
    public void Gemma3sPatternIsRead(string extra, string expected) =>
        Assert.Equal(expected, TestConfigs.Windows(Text($"{SmallText}, {extra}")));

    [Fact]
    public void LayerTypesGoBeforeThePattern() =>
        Assert.Equal(
            "-s-----",
            TestConfigs.Windows(
                Text(
                    $"{SmallText}, \"sliding_window_pattern\": 2, \"layer_types\": {TestConfigs.LayerTypes("fsfffff")}"
                )
            )
        );

    [Theory]
    [InlineData(
        """
            "rope_theta": 5e5, "rope_local_base_freq": 2e4, "rope_scaling": {"rope_type": "linear", "factor": 8}
            """
    )]
    [InlineData(
        """
            "rope_parameters": {"full_attention": {"rope_type": "linear", "factor": 8, "rope_theta": 5e5},
                "sliding_attention": {"rope_type": "default", "rope_theta": 2e4}}
            """
    )]
    [InlineData(
        """
            "rope_theta": 5e5, "rope_local_base_freq": 2e4,
            "rope_scaling": {"full_attention": {"rope_type": "linear", "factor": 8}}
            """
    )]
    public void ScalingIsForLayersWithoutAWindowInEverySpelling(string rope)
    {
        ModelShape model = Text($"{SmallText}, {rope}");
        Assert.Equal(new RopeShape { Theta = 20_000 }, model.Layers[0].Attention.Rope);
        Assert.Equal(
            new RopeShape
            {
                Theta = 500_000,
                Scaling = RopeScalingKind.Linear,
                Factor = 8,
            },
            model.Layers[5].Attention.Rope
        );
    }

    [Fact]
    public void Gemma3TakesSoftCapsWhereItIsGivenSome()
    {
        ModelShape model = Text($"{SmallText}, \"attn_logit_softcapping\": 40, \"final_logit_softcapping\": 20.0");
        Assert.Equal(40, Attention(model, 0).LogitSoftCap);
        Assert.Equal(20, model.LogitSoftCap);
    }

    [Fact]
    public void TheNestedLanguageModelIsThatOfTheFlatFile()
    {
        ModelShape nested = Nested(SmallText);
        ModelShape flat = Text(SmallText);
        Assert.Equal(flat.Layers.AsEnumerable(), nested.Layers);
        Assert.Equal(flat with { Layers = nested.Layers }, nested);
        Assert.Equal(flat.Layers.AsEnumerable(), Nested($"\"model_type\": \"gemma3_text\", {SmallText}").Layers);
    }

    [Theory]
    [InlineData("", "", true)]
    [InlineData("\"tie_word_embeddings\": false, ", "", false)]
    [InlineData("", "\"tie_word_embeddings\": false, ", false)]
    [InlineData("\"tie_word_embeddings\": false, ", "\"tie_word_embeddings\": false, ", false)]
    public void EmbeddingsAreTiedAsTheOuterOrTheInnerObjectSays(string outer, string inner, bool tied) =>
        Assert.Equal(
            tied,
            TestConfigs
                .Read($$"""{"model_type": "gemma3", {{outer}}"text_config": { {{inner}}{{SmallText}} } }""")
                .TieEmbeddings
        );

    [Theory]
    [InlineData(
        "gemma2",
        "hidden_activation",
        "\"gelu\"",
        "hidden_activation is \"gelu\", but must be \"gelu_pytorch_tanh\""
    )]
    [InlineData("gemma2", "vocab_size", null, "vocab_size is missing")]
    [InlineData("gemma2", "query_pre_attn_scalar", "0", "query_pre_attn_scalar is 0, but must be a number from 0.001")]
    [InlineData("gemma2", "attn_logit_softcapping", "-50", "attn_logit_softcapping is -50")]
    [InlineData("gemma2", "final_logit_softcapping", "1e999", "final_logit_softcapping is 1e999")]
    [InlineData(
        "gemma2",
        "use_bidirectional_attention",
        "true",
        "use_bidirectional_attention is true, but must be false or absent"
    )]
    [InlineData("gemma2", "sliding_window", "null", "sliding_window is missing; it must be a whole number")]
    [InlineData("gemma3_text", "hidden_size", null, "hidden_size is missing")]
    [InlineData(
        "gemma3_text",
        "sliding_window_pattern",
        "0",
        "sliding_window_pattern is 0, but must be a whole number from 1"
    )]
    [InlineData("gemma3_text", "rope_local_base_freq", "0", "rope_local_base_freq is 0, but must be a number from 1")]
    [InlineData(
        "gemma3_text",
        "rope_parameters",
        """{"full_attention": 3}""",
        "rope_parameters.full_attention is 3, but must be an object or null"
    )]
    [InlineData("gemma3", "text_config", null, "text_config is missing; it must be an object")]
    [InlineData("gemma3", "text_config", "[]", "text_config is [], but must be an object or null")]
    [InlineData("gemma3", "text_config", "{}", "text_config.num_hidden_layers is missing")]
    [InlineData(
        "gemma3",
        "text_config",
        """{"model_type": "llama"}""",
        "text_config.model_type is \"llama\", but must be \"gemma3_text\""
    )]
    public void AFaultIsNamed(string modelType, string key, string? json, string expected) =>
        Assert.Contains(
            expected,
            TestConfigs.RefusalWith(("model_type", $"\"{modelType}\""), (key, json)),
            StringComparison.Ordinal
        );

    [Fact]
    public void ThingsGivenTwiceMustAgree()
    {
        Assert.Contains(
            "tie_word_embeddings is given twice, as true and as false",
            TestConfigs.Refusal(
                $$"""
                {"model_type": "gemma3", "tie_word_embeddings": true,
                 "text_config": {"tie_word_embeddings": false, {{SmallText}} } }
                """
            ),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "rope_local_base_freq is given twice, as 20000 and as 10000",
            TestConfigs.Refusal(
                $$$"""
                {"model_type": "gemma3_text", {{{SmallText}}}, "rope_local_base_freq": 2e4,
                 "rope_parameters": {"sliding_attention": {"rope_theta": 1e4}} }
                """
            ),
            StringComparison.Ordinal
        );
    }

    private static ModelShape Read(string modelType, params (string Key, string? Json)[] changes) =>
        TestConfigs.ReadWith(TestConfigs.Over([("model_type", $"\"{modelType}\"")], changes));

    private static ModelShape Text(string keys) => TestConfigs.Read($$"""{"model_type": "gemma3_text", {{keys}} }""");

    private static ModelShape Nested(string keys) =>
        TestConfigs.Read($$"""{"model_type": "gemma3", "vision_config": {}, "text_config": { {{keys}} } }""");

    private static GroupedQueryAttention Attention(ModelShape model, int layer) =>
        Assert.IsType<GroupedQueryAttention>(model.Layers[layer].Attention);
}
