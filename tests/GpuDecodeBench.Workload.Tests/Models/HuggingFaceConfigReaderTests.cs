using System.Text;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Workload.Tests.Models;

public class HuggingFaceConfigReaderTests
{
    public static TheoryData<string> Names => [.. TestConfigs.Names];

    [Theory]
    [MemberData(nameof(Names))]
    public void APublishedConfigGivesTheShapeOfTheCatalogue(string name)
    {
        const string Suffix = "-transformers-5";
        string model = name.Replace(Suffix, "", StringComparison.Ordinal);
        ModelShape expected = ModelCatalogue.Find(model);
        ModelShape actual = HuggingFaceConfigReader.ReadFile(TestConfigs.Path(name));
        Assert.Equal(name, actual.Name);
        Assert.Equal(TestConfigs.Path(name), actual.Source);
        Assert.Null(actual.PublishedParameters);
        Assert.Equal(expected.Layers.AsEnumerable(), actual.Layers.Select(layer => WithTheListsOf(expected, layer)));
        Assert.Equal(
            expected with
            {
                Name = actual.Name,
                Source = actual.Source,
                PublishedParameters = null,
                Layers = actual.Layers,
            },
            actual
        );
    }

    [Fact]
    public void EveryArchitectureIsReadFromAPublishedConfig()
    {
        Assert.Equal(
            [
                "llama",
                "mistral",
                "qwen2",
                "qwen3",
                "mixtral",
                "qwen3_moe",
                "gpt_oss",
                "deepseek_v3",
                "gemma2",
                "gemma3_text",
                "gemma3",
                "phi3",
            ],
            HuggingFaceConfigReader.SupportedModelTypes
        );
        Assert.Equal(
            Enum.GetValues<ModelArchitecture>().Length,
            TestConfigs
                .Names.Select(name => HuggingFaceConfigReader.ReadFile(TestConfigs.Path(name)).Architecture)
                .Distinct()
                .Count()
        );
    }

    [Fact]
    public void LayersOfOneShapeShareOneInstance()
    {
        ModelShape model = HuggingFaceConfigReader.ReadFile(TestConfigs.Path("llama-3.1-8b"));
        Assert.Equal(32, model.Layers.Length);
        Assert.All(model.Layers, layer => Assert.Same(model.Layers[0], layer));
    }

    [Theory]
    [InlineData("llama", null, 8)]
    [InlineData("mistral", null, 8)]
    [InlineData("llama", "null", 8)]
    [InlineData("mistral", "null", 16)]
    [InlineData("qwen2", "null", 16)]
    [InlineData("qwen2", null, 32)]
    [InlineData("qwen3", null, 32)]
    public void AbsentAndNullKvHeadsFollowTransformers(string modelType, string? kvHeads, int expected)
    {
        int heads =
            modelType == "llama" ? 8
            : expected == 32 ? 32
            : 16;
        var attention = Attention(
            ("model_type", $"\"{modelType}\""),
            ("num_attention_heads", $"{heads}"),
            ("num_key_value_heads", kvHeads)
        );
        Assert.Equal(expected, attention.KvHeads);
    }

    [Theory]
    [InlineData("llama", null, 32)]
    [InlineData("llama", "null", 32)]
    [InlineData("mistral", "64", 64)]
    [InlineData("qwen2", null, 32)]
    [InlineData("qwen3", null, 128)]
    [InlineData("qwen3", "64", 64)]
    public void AbsentHeadDimensionIsDerivedExceptForQwen3(string modelType, string? headDimension, int expected)
    {
        var attention = Attention(("model_type", $"\"{modelType}\""), ("head_dim", headDimension));
        Assert.Equal(expected, attention.HeadDimension);
    }

    [Fact]
    public void BiasesFollowTheArchitecture()
    {
        GroupedQueryAttention llama = Attention(("attention_bias", "true"));
        Assert.True(llama.QkvBias && llama.OutputBias);
        GroupedQueryAttention qwen2 = Attention(("model_type", "\"qwen2\""));
        Assert.True(qwen2.QkvBias && !qwen2.OutputBias && !qwen2.QueryKeyNorm);
        GroupedQueryAttention qwen3 = Attention(("model_type", "\"qwen3\""), ("attention_bias", "true"));
        Assert.True(qwen3.QkvBias && qwen3.OutputBias && qwen3.QueryKeyNorm);
        Assert.True(((GatedFeedForward)TestConfigs.ReadWith(("mlp_bias", "true")).Layers[0].FeedForward).Bias);
    }

    [Theory]
    [InlineData(null, 4096)]
    [InlineData("null", null)]
    [InlineData("1024", 1024)]
    public void MistralsWindowHoldsForAllLayers(string? window, int? expected) =>
        Assert.Equal(
            Enumerable.Repeat(expected, 4),
            Windows(("model_type", "\"mistral\""), ("sliding_window", window))
        );

    [Theory]
    [InlineData("qwen2", "false", "2", null, "----")]
    [InlineData("qwen2", "true", "2", null, "--ss")]
    [InlineData("qwen3", "true", "0", null, "ssss")]
    [InlineData("qwen3", "true", "70", null, "----")]
    [InlineData("qwen3", "true", null, null, "----")]
    [InlineData("qwen3", "true", "0", "sfsf", "s-s-")]
    [InlineData("qwen3", "false", "0", "ssss", "----")]
    [InlineData("mistral", null, null, "fssf", "-ss-")]
    public void WindowsOfSomeLayersFollowLayerTypesAndMaxWindowLayers(
        string modelType,
        string? used,
        string? maxWindowLayers,
        string? layerTypes,
        string expected
    )
    {
        string? types = layerTypes is null ? null : TestConfigs.LayerTypes(layerTypes);
        int?[] windows = Windows(
            ("model_type", $"\"{modelType}\""),
            ("use_sliding_window", used),
            ("sliding_window", "512"),
            ("max_window_layers", maxWindowLayers),
            ("layer_types", types)
        );
        Assert.Equal(expected, string.Concat(windows.Select(window => window is null ? '-' : 's')));
    }

    [Fact]
    public void LayersOfTwoKindsShareTwoInstances()
    {
        ModelShape model = TestConfigs.ReadWith(
            ("model_type", "\"qwen2\""),
            ("use_sliding_window", "true"),
            ("max_window_layers", "2")
        );
        Assert.Equal(2, model.Layers.Distinct(ReferenceEqualityComparer.Instance).Count());
    }

    [Theory]
    [InlineData("rope_scaling", "null")]
    [InlineData("rope_scaling", """{"rope_type": "default"}""")]
    [InlineData("rope_parameters", """{"rope_theta": 10000.0}""")]
    [InlineData("rope_parameters", """{"rope_theta": 10000.0, "rope_type": "default", "partial_rotary_factor": 1.0}""")]
    public void RopeWithoutScalingIsReadInEverySpelling(string key, string json) =>
        Assert.Equal(new RopeShape { Theta = 10_000 }, TestConfigs.ReadWith((key, json)).Layers[0].Attention.Rope);

    [Theory]
    [InlineData("rope_scaling", "500000")]
    [InlineData("rope_parameters", null)]
    public void Llama3RopeIsReadInBothSpellings(string key, string? topTheta)
    {
        string inner = topTheta is null ? "\"rope_theta\": 500000.0, " : "";
        RopeShape rope = TestConfigs
            .ReadWith(
                ("rope_theta", topTheta),
                (
                    key,
                    $$"""
                    {{{inner}}"rope_type": "llama3", "factor": 32.0, "low_freq_factor": 1.0, "high_freq_factor": 4.0,
                    "original_max_position_embeddings": 8192}
                    """
                )
            )
            .Layers[0]
            .Attention.Rope;
        var expected = new RopeShape
        {
            Theta = 500_000,
            Scaling = RopeScalingKind.Llama3,
            Factor = 32,
            LowFrequencyFactor = 1,
            HighFrequencyFactor = 4,
            OriginalMaxContextTokens = 8192,
        };
        Assert.Equal(expected, rope);
    }

    [Fact]
    public void AByteOrderMarkIsSkipped()
    {
        byte[] json = [.. Encoding.UTF8.GetPreamble(), .. TestConfigs.Bytes("llama-2-7b")];
        Assert.Equal(32, HuggingFaceConfigReader.Read(json, TestConfigs.File).Layers.Length);
    }

    [Fact]
    public void KeysThatSayNothingAboutTheShapeAreIgnored() =>
        Assert.Equal(
            4,
            TestConfigs
                .ReadWith(("quantization_config", """{"bits": [1, {"x": null}]}"""), ("auto_map", "7"))
                .Layers.Length
        );

    /// <summary>A layer whose lists of divisors, once compared, are those of another: records compare lists by reference.</summary>
    private static LayerShape WithTheListsOf(ModelShape expected, LayerShape layer)
    {
        RopeShape from = expected.Layers[0].Attention.Rope;
        RopeShape rope = layer.Attention.Rope;
        Assert.Equal(from.ShortFactors.AsEnumerable(), rope.ShortFactors);
        Assert.Equal(from.LongFactors.AsEnumerable(), rope.LongFactors);
        return layer with
        {
            Attention = layer.Attention with
            {
                Rope = rope with { ShortFactors = from.ShortFactors, LongFactors = from.LongFactors },
            },
        };
    }

    private static GroupedQueryAttention Attention(params (string Key, string? Json)[] changes) =>
        (GroupedQueryAttention)TestConfigs.ReadWith(changes).Layers[0].Attention;

    private static int?[] Windows(params (string Key, string? Json)[] changes) =>
        [.. TestConfigs.ReadWith(changes).Layers.Select(layer => ((GroupedQueryAttention)layer.Attention).Window)];
}
