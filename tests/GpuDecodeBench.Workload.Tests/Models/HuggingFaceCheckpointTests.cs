using System.Text;
using System.Text.Json;
using GpuDecodeBench.Tests.Shared;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Models.HuggingFace;
using GpuDecodeBench.Workload.Plans;
using GpuDecodeBench.Workload.Safetensors;
using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Workload.Tests.Models;

public sealed class HuggingFaceCheckpointTests : IDisposable
{
    private const ulong Seed = 20_261_120;
    private readonly string _folder = Directory.CreateTempSubdirectory("gpu-decode-bench-").FullName;

    public static TheoryData<string> PublishedConfigs => [.. TestConfigs.Names];

    public static TheoryData<string> CatalogueNames => [.. ModelCatalogue.All.Select(model => model.Name)];

    public static TheoryData<WeightFormat> WeightFormats => [.. FormatNames.AllWeightFormats];

    /// <summary>Small models, each with something of its own: key changes to the small configuration.</summary>
    public static TheoryData<string, string> Variants =>
        new()
        {
            { "llama", "{}" },
            { "llama", """{"attention_bias": true, "mlp_bias": true, "tie_word_embeddings": true}""" },
            { "llama", """{"rope_theta": 123456.75, "rope_scaling": {"rope_type": "linear", "factor": 2.5}}""" },
            {
                "llama",
                """{"rope_scaling": {"rope_type": "llama3", "factor": 8, "low_freq_factor": 1, "high_freq_factor": 4, "original_max_position_embeddings": 64}}"""
            },
            { "llama", """{"head_dim": 48, "num_key_value_heads": 1, "rms_norm_eps": 3.25e-7}""" },
            { "mistral", """{"sliding_window": 7}""" },
            { "mistral", """{"sliding_window": null}""" },
            { "qwen2", """{"use_sliding_window": true, "sliding_window": 9, "max_window_layers": 2}""" },
            { "qwen2", """{"use_sliding_window": false, "sliding_window": 9}""" },
            { "qwen3", """{"attention_bias": true, "head_dim": 32}""" },
            {
                "qwen3",
                """{"use_sliding_window": true, "sliding_window": 9, "layer_types": ["sliding_attention", "full_attention", "full_attention", "sliding_attention"]}"""
            },
            {
                "llama",
                """{"rope_scaling": {"rope_type": "yarn", "factor": 3.5, "beta_fast": 20, "truncate": false, "original_max_position_embeddings": 64}}"""
            },
            { "mixtral", """{"num_local_experts": 5, "num_experts_per_tok": 2, "sliding_window": 11}""" },
            {
                "qwen3_moe",
                """{"num_experts": 6, "num_experts_per_tok": 3, "moe_intermediate_size": 96, "mlp_only_layers": [0, 2], "norm_topk_prob": true}"""
            },
            {
                "qwen3_moe",
                """{"num_experts": 6, "num_experts_per_tok": 3, "moe_intermediate_size": 96, "decoder_sparse_step": 2, "attention_bias": true, "use_sliding_window": true, "sliding_window": 5}"""
            },
            { "gpt_oss", """{"num_local_experts": 4, "num_experts_per_tok": 2}""" },
            {
                "gpt_oss",
                """{"num_local_experts": 4, "num_experts_per_tok": 2, "attention_bias": false, "rope_scaling": {"rope_type": "default"}, "layer_types": ["full_attention", "full_attention", "sliding_attention", "full_attention"]}"""
            },
            { "deepseek_v3", TestCheckpoints.DeepSeek() },
            { "deepseek_v3", TestCheckpoints.DeepSeek(""" "q_lora_rank": null, "first_k_dense_replace": 0 """) },
            {
                "deepseek_v3",
                TestCheckpoints.DeepSeek(
                    """ "rope_scaling": {"type": "yarn", "factor": 12.5, "mscale": 0.707, "mscale_all_dim": 0.3, "original_max_position_embeddings": 64} """
                )
            },
            { "gemma2", """{"query_pre_attn_scalar": 144, "sliding_window": 7, "head_dim": 32}""" },
            {
                "gemma2",
                """{"query_pre_attn_scalar": 100.3, "attn_logit_softcapping": null, "final_logit_softcapping": 12.5, "attention_bias": true}"""
            },
            {
                "gemma3_text",
                """{"rope_local_base_freq": 500.5, "sliding_window_pattern": 2, "rope_scaling": {"rope_type": "linear", "factor": 8}}"""
            },
            { "gemma3_text", """{"tie_word_embeddings": false, "final_logit_softcapping": 3}""" },
            { "phi3", """{"sliding_window": 2047, "partial_rotary_factor": 0.5}""" },
            {
                "phi3",
                """{"original_max_position_embeddings": 512, "partial_rotary_factor": 0.25, "rope_scaling": {"type": "su", "short_factor": [1, 1.5, 2, 2.5], "long_factor": [1.1, 3, 7, 9.75]}}"""
            },
        };

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [MemberData(nameof(PublishedConfigs))]
    public void APublishedConfigurationIsReadBackAsTheSameShape(string name) =>
        AssertReadBack(HuggingFaceConfigReader.ReadFile(TestConfigs.Path(name)), layers: null);

    [Theory]
    [MemberData(nameof(CatalogueNames))]
    public void AModelOfTheCatalogueIsReadBackAsTheSameShape(string name) =>
        AssertReadBack(ModelCatalogue.Find(name), layers: null);

    [Theory]
    [MemberData(nameof(Variants))]
    public void EveryPartOfAConfigurationIsReadBackAndSoIsItsBeginning(string modelType, string changes)
    {
        ModelShape model = TestCheckpoints.Model(modelType, changes);
        AssertReadBack(model, layers: null);
        AssertReadBack(model, layers: 3);
        AssertReadBack(model, layers: 1);
    }

    [Fact]
    public void TheTensorsAreThoseOfTheHub()
    {
        ModelShape model = TestCheckpoints.Model(
            "qwen3",
            """{"attention_bias": true, "head_dim": 32, "num_hidden_layers": 1}"""
        );
        SafetensorsFile file = Written(TestCheckpoints.Plan(model, WeightFormat.Bf16));
        var expected = new Dictionary<string, long[]>
        {
            ["model.embed_tokens.weight"] = [2048, 256],
            ["model.layers.0.input_layernorm.weight"] = [256],
            ["model.layers.0.self_attn.q_proj.weight"] = [256, 256],
            ["model.layers.0.self_attn.k_proj.weight"] = [64, 256],
            ["model.layers.0.self_attn.v_proj.weight"] = [64, 256],
            ["model.layers.0.self_attn.q_proj.bias"] = [256],
            ["model.layers.0.self_attn.k_proj.bias"] = [64],
            ["model.layers.0.self_attn.v_proj.bias"] = [64],
            ["model.layers.0.self_attn.q_norm.weight"] = [32],
            ["model.layers.0.self_attn.k_norm.weight"] = [32],
            ["model.layers.0.self_attn.o_proj.weight"] = [256, 256],
            ["model.layers.0.self_attn.o_proj.bias"] = [256],
            ["model.layers.0.post_attention_layernorm.weight"] = [256],
            ["model.layers.0.mlp.gate_proj.weight"] = [704, 256],
            ["model.layers.0.mlp.up_proj.weight"] = [704, 256],
            ["model.layers.0.mlp.down_proj.weight"] = [256, 704],
            ["model.norm.weight"] = [256],
            ["lm_head.weight"] = [2048, 256],
        };
        Assert.Equal(expected.Keys.Order(), file.Names.Order());
        Assert.All(expected, pair => Assert.Equal(pair.Value, file.Shape(pair.Key)));
        Assert.Equal("pt", file.Metadata["format"]);
        Assert.Equal("yes", file.Metadata["told"]);
    }

    [Fact]
    public void ATiedModelHasNoLmHeadAndTheFeedForwardHasItsBiases()
    {
        ModelShape model = TestCheckpoints.Model(
            "llama",
            """{"mlp_bias": true, "tie_word_embeddings": true, "num_hidden_layers": 1}"""
        );
        SafetensorsFile file = Written(TestCheckpoints.Plan(model, WeightFormat.Bf16));
        Assert.DoesNotContain("lm_head.weight", file.Names);
        Assert.Equal([704], file.Shape("model.layers.0.mlp.gate_proj.bias"));
        Assert.Equal([704], file.Shape("model.layers.0.mlp.up_proj.bias"));
        Assert.Equal([256], file.Shape("model.layers.0.mlp.down_proj.bias"));
    }

    [Theory]
    [MemberData(nameof(WeightFormats))]
    public void EveryWeightIsWhatItsCodesAreWorthAndNoWiderThanNeeded(WeightFormat format)
    {
        ModelShape model = TestCheckpoints.Model("qwen2", """{"num_hidden_layers": 2}""");
        DecodeStepPlan plan = TestCheckpoints.Plan(model, format);
        SafetensorsFile file = Written(plan);
        string expectedType = format switch
        {
            WeightFormat.Bf16 or WeightFormat.MxFp4 => "BF16",
            WeightFormat.Fp16 => "F16",
            _ => "F32",
        };
        foreach (string name in (string[])["q_proj", "k_proj", "v_proj", "o_proj"])
        {
            Assert.Equal(expectedType, file.Type($"model.layers.1.self_attn.{name}.weight"));
        }

        // The plan stacks what the Hub keeps apart.
        AssertEqual(
            plan,
            TensorRole.QueryKeyValue,
            1,
            Stacked(file, 1, "self_attn", "weight", "q_proj", "k_proj", "v_proj")
        );
        AssertEqual(
            plan,
            TensorRole.QueryKeyValueBias,
            1,
            Stacked(file, 1, "self_attn", "bias", "q_proj", "k_proj", "v_proj")
        );
        AssertEqual(plan, TensorRole.GateUp, 0, Stacked(file, 0, "mlp", "weight", "gate_proj", "up_proj"));
        AssertEqual(plan, TensorRole.Down, 0, file.Floats("model.layers.0.mlp.down_proj.weight"));
        AssertEqual(plan, TensorRole.AttentionNorm, 1, file.Floats("model.layers.1.input_layernorm.weight"));
        AssertEqual(plan, TensorRole.FeedForwardNorm, 1, file.Floats("model.layers.1.post_attention_layernorm.weight"));
        AssertEqual(plan, TensorRole.Embedding, null, file.Floats("model.embed_tokens.weight"));
        AssertEqual(plan, TensorRole.LmHead, null, file.Floats("lm_head.weight"));
        AssertEqual(plan, TensorRole.FinalNorm, null, file.Floats("model.norm.weight"));
    }

    [Theory]
    [InlineData(WeightFormat.Bf16, "bfloat16")]
    [InlineData(WeightFormat.MxFp4, "bfloat16")]
    [InlineData(WeightFormat.Fp16, "float32")]
    [InlineData(WeightFormat.Int4, "float32")]
    public void TheConfigurationNamesATypeThatHoldsAllWeights(WeightFormat format, string type)
    {
        // Norms are in bf16 and the rest in fp16: only float32 holds both.
        Written(TestCheckpoints.Plan(TestCheckpoints.Model("llama", """{"num_hidden_layers": 1}"""), format));
        using JsonDocument config = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder, "config.json")));
        Assert.Equal(type, config.RootElement.GetProperty("torch_dtype").GetString());
        Assert.Equal("LlamaForCausalLM", config.RootElement.GetProperty("architectures")[0].GetString());
        // Python tells 10000 and 10000.0 apart.
        Assert.Equal("10000.0", config.RootElement.GetProperty("rope_theta").GetRawText());
    }

    [Fact]
    public void AShapeThatNoConfigurationOfItsArchitectureDescribesIsRefused()
    {
        // transformers' Mistral has one window for all layers.
        ModelShape model = TestCheckpoints.Model(
            "mistral",
            """{"sliding_window": 7, "layer_types": ["sliding_attention", "full_attention", "full_attention", "full_attention"]}"""
        );
        InputException refusal = Assert.Throws<InputException>(() => Checkpoint(model));
        TestConfigs.AssertSentence(refusal.Message);
        Assert.Contains("mistral", refusal.Message, StringComparison.Ordinal);
        // Its first layer alone is a Mistral like any other.
        AssertReadBack(model, layers: 1);
    }

    [Fact]
    public void AnArchitectureWithoutACheckpointIsRefusedWithThoseThatHaveOne()
    {
        ModelShape model = TestCheckpoints.Model("llama", "{}") with { Architecture = (ModelArchitecture)999 };
        InputException refusal = Assert.Throws<InputException>(() => Checkpoint(model));
        TestConfigs.AssertSentence(refusal.Message);
        Assert.Contains("999", refusal.Message, StringComparison.Ordinal);
        Assert.Contains(
            "llama, mistral, qwen2, qwen3, mixtral, qwen3_moe, gpt_oss, deepseek_v3, gemma2, gemma3_text, phi3",
            refusal.Message,
            StringComparison.Ordinal
        );
    }

    private static HuggingFaceCheckpoint Checkpoint(ModelShape model) =>
        new(TestCheckpoints.Plan(model, WeightFormat.Bf16));

    private static void AssertReadBack(ModelShape model, int? layers)
    {
        byte[] config = new HuggingFaceCheckpoint(TestCheckpoints.Plan(model, WeightFormat.Bf16, layers)).Config(
            SafetensorsType.BF16
        );
        ModelShape read = HuggingFaceConfigReader.Read(config, "x/config.json");
        Assert.Equal(model.Layers.Take(layers ?? model.Layers.Length), read.Layers.AsEnumerable());
        Assert.Equal(model.Architecture, read.Architecture);
        Assert.Equal(model.HiddenSize, read.HiddenSize);
        Assert.Equal(model.VocabularySize, read.VocabularySize);
        Assert.Equal(model.TieEmbeddings, read.TieEmbeddings);
        Assert.Equal(model.RmsNormEpsilon, read.RmsNormEpsilon);
        Assert.Equal(model.MaxContextTokens, read.MaxContextTokens);
        Assert.Equal(model.EmbeddingScale, read.EmbeddingScale);
        Assert.Equal(model.LogitSoftCap, read.LogitSoftCap);
        Assert.DoesNotContain("NaN", Encoding.UTF8.GetString(config), StringComparison.Ordinal);
    }

    private static double[] Stacked(SafetensorsFile file, int layer, string part, string end, params string[] names) =>
        [.. names.SelectMany(name => file.Floats($"model.layers.{layer}.{part}.{name}.{end}"))];

    private static void AssertEqual(DecodeStepPlan plan, TensorRole role, int? layer, double[] written)
    {
        WeightTensor tensor = plan.Tensors.Single(tensor => tensor.Role == role && tensor.Layer == layer);
        var matrix = new SyntheticMatrix(Seed, tensor);
        var row = new double[tensor.Layout.Columns];
        Assert.Equal(tensor.Layout.Rows * tensor.Layout.Columns, written.Length);
        for (int i = 0; i < tensor.Layout.Rows; i++)
        {
            matrix.DecodeRow(i, row);
            // Codes of two bytes, and FP4 with E8M0 scales, are exact in 16 bits; the others are rounded to single precision.
            Assert.Equal(row.Select(value => (double)(float)value), written[(i * row.Length)..((i + 1) * row.Length)]);
        }
    }

    private SafetensorsFile Written(DecodeStepPlan plan) => TestCheckpoints.Written(plan, Seed, _folder);
}
