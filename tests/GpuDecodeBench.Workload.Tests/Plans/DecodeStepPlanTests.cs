using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Tests.Plans;

/// <summary>The plan's structure: which operations in which order, what it holds in memory, how it grows.</summary>
public class DecodeStepPlanTests
{
    [Fact]
    public void AStepNamesItsOperationsInOrder()
    {
        string[] layer =
        [
            "attn_norm",
            "qkv_proj",
            "rope",
            "kv_append",
            "attention",
            "o_proj",
            "attn_residual",
            "ffn_norm",
            "gate_up_proj",
            "activation",
            "down_proj",
            "ffn_residual",
        ];
        DecodeStepPlan plan = PlanExamples.Uniform("tiny", PlanExamples.Formats(), 1, 16);
        string[] expected = ["embedding", .. layer, .. layer, .. layer, .. layer, "final_norm", "lm_head", "argmax"];
        Assert.Equal(expected, plan.Operations.Select(operation => operation.Name));
        Assert.Equal(Enumerable.Range(0, expected.Length), plan.Operations.Select(operation => operation.Index));
        Assert.Equal(
            expected.Select((_, i) => i is 0 or > 48 ? (int?)null : (i - 1) / 12),
            plan.Operations.Select(operation => operation.Layer)
        );
    }

    [Fact]
    public void HeadNormsComeBeforeRopeAndAllReducesAfterTheProjectionsThatTheySum()
    {
        DecodeStepPlan plan = PlanExamples.Uniform("qwen3-8b", PlanExamples.Formats(), 1, 16, devices: 2, layers: 1);
        Assert.Equal(
            [
                "embedding",
                "attn_norm",
                "qkv_proj",
                "qk_norm",
                "rope",
                "kv_append",
                "attention",
                "o_proj",
                "attn_all_reduce",
                "attn_residual",
                "ffn_norm",
                "gate_up_proj",
                "activation",
                "down_proj",
                "ffn_all_reduce",
                "ffn_residual",
                "final_norm",
                "lm_head",
                "argmax",
            ],
            plan.Operations.Select(operation => operation.Name)
        );
    }

    [Theory]
    [InlineData("llama-3.1-8b", 1)]
    [InlineData("llama-3.1-70b", 8)]
    [InlineData("qwen3-8b", 1)]
    public void EveryOperationReadsABufferThatAnEarlierOneWrote(string model, int devices)
    {
        DecodeStepPlan plan = PlanExamples.Uniform(model, PlanExamples.Formats(), 1, 16, devices);
        var written = new HashSet<StepBuffer> { StepBuffer.Tokens };
        foreach (PlanOperation operation in plan.Operations)
        {
            Assert.Contains(operation.Input, written);
            written.Add(operation.Output);
        }

        Assert.Equal(StepBuffer.NextTokens, plan.Operations[^1].Output);
    }

    [Fact]
    public void MemoryOfLlama31_8bInBf16IsItsParametersItsCacheAndItsBuffers()
    {
        MemoryFootprint memory = PlanExamples.Uniform("llama-3.1-8b", PlanExamples.Formats(), 1, 2048).Memory;
        Assert.Equal(2 * 8_030_261_248L, memory.WeightBytes);
        Assert.Equal(32L * 128 * 16 * 4096, memory.KvBytes);
        Assert.Equal(
            ((3 * 4096) + 6144 + 4096 + 28672 + 14336 + 128256) * 2L, // hidden, normed, delta; qkv; attention; gate_up; gated; logits
            memory.ActivationBytes
        );
        Assert.Equal((128 + 3) * 4, memory.IndexBytes); // block table; token, position, next token
        Assert.Equal(
            memory.WeightBytes + memory.KvBytes + memory.ActivationBytes + memory.IndexBytes,
            memory.TotalBytes
        );
    }

    [Theory]
    [InlineData(KvFormat.Fp8, 16, 1, (4 * 1 * 16 * 128) + (4 * 8))] // 2 x 2 x 32 bytes a token, two FP32 scales a layer
    [InlineData(KvFormat.Fp8, 17, 3, (4 * 6 * 16 * 128) + (4 * 8))]
    [InlineData(KvFormat.Int8, 1, 2, 4 * 2 * 16 * 136)] // 2 x 2 x (32 + 2)
    [InlineData(KvFormat.Fp16, 33, 1, 4 * 3 * 16 * 256)]
    public void TheCacheTakesWholeBlocks(KvFormat kv, int context, int batch, long bytes) =>
        Assert.Equal(bytes, PlanExamples.Uniform("tiny", PlanExamples.Formats(kv: kv), batch, context).Memory.KvBytes);

    [Theory]
    [InlineData("llama-2-7b", 524_288)]
    [InlineData("llama-2-13b", 819_200)]
    [InlineData("llama-2-70b", 327_680)]
    [InlineData("llama-3.1-8b", 131_072)]
    [InlineData("llama-3.1-70b", 327_680)]
    [InlineData("llama-3.1-405b", 516_096)]
    public void OneTokenMoreReadsThePublishedKvBytesPerToken(string model, long bytes)
    {
        DecodeStepPlan shorter = PlanExamples.Uniform(model, PlanExamples.Formats(), 1, 1000);
        DecodeStepPlan longer = PlanExamples.Uniform(model, PlanExamples.Formats(), 1, 1001);
        Assert.Equal(bytes, longer.Totals.KvReadBytes - shorter.Totals.KvReadBytes);
        Assert.Equal(bytes, longer.Operations.Sum(operation => operation.KvWriteBytes));
    }

    [Theory]
    [InlineData("llama-3.1-8b", WeightFormat.NvFp4, KvFormat.Fp8, 1)]
    [InlineData("llama-3.1-70b", WeightFormat.Bf16, KvFormat.Int8, 8)]
    [InlineData("qwen3-8b", WeightFormat.Int4, KvFormat.Bf16, 2)]
    public void TotalsAreAFixedPartAndTheSameForEveryLayer(string model, WeightFormat weights, KvFormat kv, int devices)
    {
        DecodeStepPlan full = PlanExamples.Uniform(model, PlanExamples.Formats(weights, kv), 3, 777, devices);
        Assert.True(full.IsFullDepth);
        long[] one = Figures(full.WithLayers(1));
        long[] two = Figures(full.WithLayers(2));
        foreach (int layers in (int[])[3, 7, full.Layers])
        {
            DecodeStepPlan plan = full.WithLayers(layers);
            Assert.Equal(one.Zip(two, (a, b) => a + ((layers - 1) * (b - a))), Figures(plan));
            Assert.Equal(layers == full.Layers, plan.IsFullDepth);
        }

        Assert.Equal(Figures(full), Figures(full.WithLayers(1).WithLayers(null)));
    }

    [Fact]
    public void TensorsAreListedOnceAndAddUpToTheWeightMemory()
    {
        DecodeStepPlan plan = PlanExamples.Uniform("qwen2.5-7b", PlanExamples.Formats(), 2, 16, layers: 3);
        Assert.Equal(
            plan.Tensors.Length,
            plan.Tensors.Select(tensor => (tensor.Role, tensor.Layer)).Distinct().Count()
        );
        Assert.Equal(3 + (3 * 7), plan.Tensors.Length); // embedding, last norm, LM head; 4 matrices, 2 norms and a bias a layer
        Assert.Equal(plan.Memory.WeightBytes, plan.Tensors.Sum(tensor => tensor.Bytes));
    }

    [Fact]
    public void MoreBatchContextOrBitsNeverTakesFewerBytesOrFlops()
    {
        // Whole blocks more: a window that moves by less can touch a block fewer. And rows of at least 16 columns: in a narrower
        // one a scale outweighs the bits that its format saves.
        const int Seed = 4_711;
        var random = new Random(Seed);
        WeightFormat[] heavier = [WeightFormat.NvFp4, WeightFormat.Int8, WeightFormat.Bf16];
        for (int i = 0; i < 200; i++)
        {
            ModelShape model = RandomShape(random);
            int batch = random.Next(1, 20);
            int context = random.Next(1, 4000);
            WeightFormat weights = heavier[random.Next(2)];
            WeightFormat more = heavier[Array.IndexOf(heavier, weights) + 1];
            long[] small = Figures(Plan(model, weights, batch, context));
            AssertNotLess(small, Figures(Plan(model, weights, batch + 1, context)), i);
            AssertNotLess(small, Figures(Plan(model, weights, batch, context + (16 * random.Next(1, 6)))), i);
            AssertNotLess(small, Figures(Plan(model, more, batch, context)), i);
        }

        static DecodeStepPlan Plan(ModelShape model, WeightFormat weights, int batch, int context) =>
            DecodeStepPlan.Create(
                model,
                StepConditions.Uniform(PlanExamples.Formats(weights, KvFormat.Int8), batch, context)
            );

        static void AssertNotLess(long[] small, long[] large, int round) =>
            Assert.All(
                small.Zip(large),
                pair => Assert.True(pair.First <= pair.Second, $"{pair} (seed {Seed}, round {round})")
            );
    }

    private static long[] Figures(DecodeStepPlan plan) =>
        [
            plan.Totals.WeightReadBytes,
            plan.Totals.KvReadBytes,
            plan.Totals.ActivationReadBytes,
            plan.Totals.WriteBytes,
            plan.Totals.LinkBytes,
            plan.Totals.Flops,
            plan.Memory.WeightBytes,
            plan.Memory.KvBytes,
        ];

    private static ModelShape RandomShape(Random random)
    {
        int kvHeads = random.Next(1, 9);
        return ModelCatalogue.Find("tiny") with
        {
            Name = "random",
            HiddenSize = random.Next(16, 600),
            VocabularySize = random.Next(1, 3000),
            TieEmbeddings = random.Next(2) == 0,
            Layers =
            [
                new LayerShape(
                    new GroupedQueryAttention
                    {
                        Rope = new RopeShape { Theta = 10_000 },
                        KvHeads = kvHeads,
                        Heads = kvHeads * random.Next(1, 5),
                        HeadDimension = 2 * random.Next(8, 100),
                        QkvBias = random.Next(2) == 0,
                        OutputBias = random.Next(2) == 0,
                        QueryKeyNorm = random.Next(2) == 0,
                        Window = random.Next(2) == 0 ? random.Next(1, 3000) : null,
                    },
                    new GatedFeedForward { IntermediateSize = random.Next(16, 2000), Bias = random.Next(2) == 0 }
                ),
            ],
        };
    }
}
