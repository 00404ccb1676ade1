using System.Text.Json;
using GpuDecodeBench.Tests.Shared;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Tests.Models;

/// <summary>Where a checkpoint's layout is not the plan's: experts, latents, fused, transposed and interleaved matrices, norms.</summary>
public sealed class HuggingFaceLayoutTests : IDisposable
{
    private const ulong Seed = 20_261_120;
    private const string Layer = "model.layers.1.";
    private readonly string _folder = Directory.CreateTempSubdirectory("gpu-decode-bench-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("mixtral", "num_local_experts", "block_sparse_moe", "w1", "w3", "w2", 704)]
    [InlineData("qwen3_moe", "num_experts", "mlp", "gate_proj", "up_proj", "down_proj", 96)]
    public void EachExpertHasTensorsOfItsOwn(
        string modelType,
        string countKey,
        string part,
        string gate,
        string up,
        string down,
        int size
    )
    {
        DecodeStepPlan plan = Plan(
            modelType,
            $$"""{"{{countKey}}": 3, "num_experts_per_tok": 2, "moe_intermediate_size": 96}""",
            WeightFormat.Bf16
        );
        SafetensorsFile file = Written(plan);
        Assert.Equal([3, 256], file.Shape($"{Layer}{part}.gate.weight"));
        AssertRows(Rows(plan, TensorRole.Router), file.Floats($"{Layer}{part}.gate.weight"));
        for (int expert = 0; expert < 3; expert++)
        {
            string name = $"{Layer}{part}.experts.{expert}.";
            Assert.Equal([size, 256], file.Shape($"{name}{gate}.weight"));
            Assert.Equal([256, size], file.Shape($"{name}{down}.weight"));
            double[][] gateUp = Rows(plan, TensorRole.ExpertGateUp, expert);
            AssertRows(gateUp[..size], file.Floats($"{name}{gate}.weight"));
            AssertRows(gateUp[size..], file.Floats($"{name}{up}.weight"));
            AssertRows(Rows(plan, TensorRole.ExpertDown, expert), file.Floats($"{name}{down}.weight"));
        }

        Assert.Equal(0, file.Names.Count(name => name.Contains("experts.3", StringComparison.Ordinal)));
    }

    [Fact]
    public void DenseLayersAmongQwensExpertsAreNamedAsInQwen3()
    {
        DecodeStepPlan plan = Plan(
            "qwen3_moe",
            """{"num_experts": 3, "num_experts_per_tok": 2, "moe_intermediate_size": 96, "mlp_only_layers": [0]}""",
            WeightFormat.Bf16
        );
        SafetensorsFile file = Written(plan);
        Assert.Equal([704, 256], file.Shape("model.layers.0.mlp.up_proj.weight"));
        Assert.DoesNotContain("model.layers.0.mlp.gate.weight", file.Names);
        using JsonDocument config = Config();
        Assert.Equal(
            "[0]",
            config
                .RootElement.GetProperty("mlp_only_layers")
                .GetRawText()
                .ReplaceLineEndings("")
                .Replace(" ", "", StringComparison.Ordinal)
        );
        Assert.Equal(704, config.RootElement.GetProperty("intermediate_size").GetInt32());
    }

    [Theory]
    [InlineData(WeightFormat.Bf16)]
    [InlineData(WeightFormat.MxFp4)]
    [InlineData(WeightFormat.Int8)]
    public void TheExpertsOfGptOssAreTransposedWithGateAndUpInTurns(WeightFormat format)
    {
        DecodeStepPlan plan = Plan(
            "gpt_oss",
            """{"num_local_experts": 3, "num_experts_per_tok": 2, "intermediate_size": 72, "head_dim": 32}""",
            format
        );
        SafetensorsFile file = Written(plan);
        string experts = Layer + "mlp.experts.";
        Assert.Equal([3, 256, 144], file.Shape(experts + "gate_up_proj"));
        Assert.Equal([3, 144], file.Shape(experts + "gate_up_proj_bias"));
        Assert.Equal([3, 72, 256], file.Shape(experts + "down_proj"));
        Assert.Equal([3, 256], file.Shape(experts + "down_proj_bias"));
        for (int expert = 0; expert < 3; expert++)
        {
            double[][] taken = Alternated(Rows(plan, TensorRole.ExpertGateUp, expert));
            AssertRows(Transposed(taken), Entry(file, experts + "gate_up_proj", expert));
            double[] bias = Rows(plan, TensorRole.ExpertGateUpBias, expert)[0];
            Assert.Equal(Alternated(bias), Entry(file, experts + "gate_up_proj_bias", expert));
            double[][] down = Transposed(Rows(plan, TensorRole.ExpertDown, expert));
            AssertRows(down, Entry(file, experts + "down_proj", expert));
            AssertRows(Rows(plan, TensorRole.ExpertDownBias, expert), Entry(file, experts + "down_proj_bias", expert));
        }

        AssertRows(Rows(plan, TensorRole.Sinks), file.Floats(Layer + "self_attn.sinks"));
        AssertRows(Rows(plan, TensorRole.Router), file.Floats(Layer + "mlp.router.weight"));
        AssertRows(Rows(plan, TensorRole.RouterBias), file.Floats(Layer + "mlp.router.bias"));
        using JsonDocument config = Config();
        Assert.False(config.RootElement.TryGetProperty("quantization_config", out _));
    }

    [Theory]
    [InlineData(WeightFormat.Bf16)]
    [InlineData(WeightFormat.NvFp4)]
    public void TheLatentsUpProjectionHasEachHeadsKeysAndThenItsValues(WeightFormat format)
    {
        DecodeStepPlan plan = Plan("deepseek_v3", TestCheckpoints.DeepSeek(), format);
        SafetensorsFile file = Written(plan);
        string self = Layer + "self_attn.";
        Assert.Equal([8 * (24 + 20), 40], file.Shape(self + "kv_b_proj.weight"));
        double[][] keyValue = Cut(file.Floats(self + "kv_b_proj.weight"), 40);
        for (int head = 0; head < 8; head++)
        {
            int first = head * (24 + 20);
            Assert.Equal(Transposed(Rows(plan, TensorRole.KeyUp, head)), keyValue[first..(first + 24)]);
            Assert.Equal(Rows(plan, TensorRole.ValueUp, head), keyValue[(first + 24)..(first + 44)]);
        }

        double[][] down = Rows(plan, TensorRole.LatentDown);
        AssertRows(down[..48], file.Floats(self + "q_a_proj.weight"));
        AssertRows(down[48..], file.Floats(self + "kv_a_proj_with_mqa.weight"));
        AssertRows(Rows(plan, TensorRole.QueryUp), file.Floats(self + "q_b_proj.weight"));
        AssertRows(Rows(plan, TensorRole.QueryLatentNorm), file.Floats(self + "q_a_layernorm.weight"));
        AssertRows(Rows(plan, TensorRole.LatentNorm), file.Floats(self + "kv_a_layernorm.weight"));
        using JsonDocument config = Config();
        Assert.False(config.RootElement.GetProperty("rope_interleave").GetBoolean());
    }

    [Fact]
    public void DeepSeeksExpertsHaveASharedOneAndABiasForTheChoice()
    {
        DecodeStepPlan plan = Plan("deepseek_v3", TestCheckpoints.DeepSeek(), WeightFormat.Bf16);
        SafetensorsFile file = Written(plan);
        string mlp = Layer + "mlp.";
        Assert.Equal([704, 256], file.Shape("model.layers.0.mlp.gate_proj.weight"));
        Assert.Equal([96, 256], file.Shape(mlp + "experts.5.gate_proj.weight"));
        Assert.Equal([192, 256], file.Shape(mlp + "shared_experts.up_proj.weight"));
        double[] bias = file.Floats(mlp + "gate.e_score_correction_bias");
        AssertRows(Rows(plan, TensorRole.RouterChoiceBias), bias);
        double[][] gateUp = Rows(plan, TensorRole.SharedGateUp);
        AssertRows(gateUp[..192], file.Floats(mlp + "shared_experts.gate_proj.weight"));
        AssertRows(gateUp[192..], file.Floats(mlp + "shared_experts.up_proj.weight"));
        AssertRows(Rows(plan, TensorRole.SharedDown), file.Floats(mlp + "shared_experts.down_proj.weight"));
    }

    [Fact]
    public void QueriesThatAreNotCompressedHaveOneProjection()
    {
        string keys = TestCheckpoints.DeepSeek(""" "q_lora_rank": null """);
        SafetensorsFile file = Written(Plan("deepseek_v3", keys, WeightFormat.Bf16));
        Assert.Equal([8 * 40, 256], file.Shape(Layer + "self_attn.q_proj.weight"));
        Assert.DoesNotContain(Layer + "self_attn.q_a_layernorm.weight", file.Names);
        Assert.DoesNotContain(Layer + "self_attn.q_a_proj.weight", file.Names);
    }

    [Theory]
    [InlineData("gemma2", false)]
    [InlineData("gemma3_text", true)]
    public void GemmasNormsAreStoredLessOneExactly(string modelType, bool headNorms)
    {
        DecodeStepPlan plan = Plan(modelType, """{"head_dim": 32}""", WeightFormat.Bf16);
        SafetensorsFile file = Written(plan);
        var names = new Dictionary<TensorRole, string>
        {
            [TensorRole.AttentionNorm] = "input_layernorm",
            [TensorRole.AttentionPostNorm] = "post_attention_layernorm",
            [TensorRole.FeedForwardNorm] = "pre_feedforward_layernorm",
            [TensorRole.FeedForwardPostNorm] = "post_feedforward_layernorm",
        };
        if (headNorms)
        {
            names.Add(TensorRole.QueryNorm, "self_attn.q_norm");
            names.Add(TensorRole.KeyNorm, "self_attn.k_norm");
        }

        foreach ((TensorRole role, string name) in names)
        {
            AssertLessOne(Rows(plan, role)[0], file.Floats($"{Layer}{name}.weight"));
        }

        AssertLessOne(
            TestCheckpoints.Rows(plan, Seed, TensorRole.FinalNorm, null)[0],
            file.Floats("model.norm.weight")
        );
        Assert.DoesNotContain("lm_head.weight", file.Names);
        Assert.Equal(headNorms, file.Names.Contains(Layer + "self_attn.q_norm.weight"));
    }

    [Fact]
    public void PhisProjectionsStayFused()
    {
        DecodeStepPlan plan = Plan("phi3", "{}", WeightFormat.Int4);
        SafetensorsFile file = Written(plan);
        Assert.Equal([256 + (2 * 64), 256], file.Shape(Layer + "self_attn.qkv_proj.weight"));
        Assert.Equal([2 * 704, 256], file.Shape(Layer + "mlp.gate_up_proj.weight"));
        AssertRows(Rows(plan, TensorRole.QueryKeyValue), file.Floats(Layer + "self_attn.qkv_proj.weight"));
        AssertRows(Rows(plan, TensorRole.GateUp), file.Floats(Layer + "mlp.gate_up_proj.weight"));
        using JsonDocument config = Config();
        // Phi3Config's own default lies outside a small vocabulary.
        Assert.Equal(JsonValueKind.Null, config.RootElement.GetProperty("pad_token_id").ValueKind);
    }

    [Theory]
    [InlineData("deepseek_v3", """{"rms_norm_eps": 1e-5}""", "rms_norm_eps|1E-06")]
    [InlineData("phi3", """{"head_dim": 48}""", "phi3")]
    [InlineData(
        "phi3",
        """{"rope_scaling": {"rope_type": "longrope", "factor": 3, "short_factor": [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1], "long_factor": [2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2, 2]}}""",
        "phi3"
    )]
    public void AShapeThatTransformersCannotSayIsRefused(string modelType, string changes, string facts)
    {
        string keys = modelType == "deepseek_v3" ? TestCheckpoints.DeepSeek(changes[1..^1]) : changes;
        DecodeStepPlan plan = Plan(modelType, keys, WeightFormat.Bf16);
        InputException refusal = Assert.Throws<InputException>(() => new HuggingFaceCheckpoint(plan));
        TestConfigs.AssertSentence(refusal.Message);
        Assert.All(facts.Split('|'), fact => Assert.Contains(fact, refusal.Message, StringComparison.Ordinal));
    }

    private static DecodeStepPlan Plan(string modelType, string changes, WeightFormat format)
    {
        ModelShape model = TestCheckpoints.Model(modelType, changes);
        return TestCheckpoints.Plan(model, format, layers: 2);
    }

    private static double[][] Rows(DecodeStepPlan plan, TensorRole role, int index = 0) =>
        TestCheckpoints.Rows(plan, Seed, role, layer: 1, index);

    private static void AssertRows(double[][] rows, double[] written) =>
        Assert.Equal(rows.SelectMany(row => row), written);

    private static void AssertLessOne(double[] weight, double[] written)
    {
        Assert.Equal(weight.Select(value => value - 1), written);
        Assert.Contains(written, value => value < 0);
    }

    private static double[][] Transposed(double[][] rows) =>
        [.. Enumerable.Range(0, rows[0].Length).Select(column => rows.Select(row => row[column]).ToArray())];

    /// <summary>The first of the first half, the first of the second, the second of the first …</summary>
    private static T[] Alternated<T>(T[] both)
    {
        int half = both.Length / 2;
        return [.. both[..half].Zip(both[half..]).SelectMany(pair => (T[])[pair.First, pair.Second])];
    }

    private static double[] Entry(SafetensorsFile file, string name, int index)
    {
        double[] all = file.Floats(name);
        int size = all.Length / (int)file.Shape(name)[0];
        return all[(index * size)..((index + 1) * size)];
    }

    private static double[][] Cut(double[] values, int width) => [.. values.Chunk(width)];

    private JsonDocument Config() => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(_folder, "config.json")));

    private SafetensorsFile Written(DecodeStepPlan plan) => TestCheckpoints.Written(plan, Seed, _folder);
}
