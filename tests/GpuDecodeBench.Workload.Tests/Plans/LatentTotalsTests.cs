using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Tests.Plans;

/// <summary>
/// Multi-head latent attention as DeepSeek-V3 decodes it, worked out by hand: h 7168, 128 heads of 128 plain and 64 rotated elements,
/// a latent of 512 + 64, queries compressed to 1536, 61 layers of which 3 are dense, 256 experts of 2048.
/// </summary>
public class LatentTotalsTests
{
    [Theory]
    [InlineData(1, 1)]
    [InlineData(4, 1000)]
    [InlineData(32, 8192)]
    public void ATokenOfTheContextIs1152BytesInEachLayerWhateverTheHeads(int batch, int context)
    {
        DecodeStepPlan plan = PlanExamples.Uniform("deepseek-v3", PlanExamples.Formats(), batch, context);
        PlanOperation[] attention = [.. plan.Operations.Where(operation => operation.Kind == OperationKind.Attention)];
        Assert.Equal(61, attention.Length);
        Assert.All(attention, operation => Assert.Equal((long)batch * context * 1152, operation.KvReadBytes));
        Assert.All(attention, operation => Assert.Equal(2L * batch * context * 128 * (576 + 512), operation.Flops));
        Assert.Equal(61L * batch * context * 1152, plan.Totals.KvReadBytes);
        Assert.Equal(61L * batch * 1152, plan.Operations.Sum(operation => operation.KvWriteBytes));
    }

    [Fact]
    public void TheOperationsOfADenseLayerAreCountedByHand()
    {
        // Weights, activations read, activations written, FLOPs at batch 2, context 16, bf16; the cache apart.
        const long B = 2;
        (string Name, long Weights, long Read, long Written, long Flops)[] expected =
        [
            ("attn_norm", 7168 * 2, B * 7168 * 2, B * 7168 * 2, 4 * B * 7168),
            ("kv_down_proj", 2112L * 7168 * 2, B * 7168 * 2, B * 2112 * 2, 2 * B * 2112 * 7168),
            ("q_latent_norm", 1536 * 2, B * 1536 * 2, B * 1536 * 2, 4 * B * 1536),
            ("kv_latent_norm", 512 * 2, B * 512 * 2, B * 512 * 2, 4 * B * 512),
            ("q_up_proj", 24_576L * 1536 * 2, B * 1536 * 2, B * 24_576 * 2, 2 * B * 24_576 * 1536),
            ("q_rope", 0, (B * 8192 * 2) + (B * (4 + 256)), B * 8192 * 2, 3 * B * 8192),
            ("k_rope", 0, (B * 64 * 2) + (B * (4 + 256)), B * 64 * 2, 3 * B * 64),
            ("kv_append", 0, (B * 576 * 2) + (2 * B * 4), 0, 0),
            ("k_absorb", 128L * 512 * 128 * 2, B * 128 * 192 * 2, B * 128 * 576 * 2, 2 * B * 128 * 512 * 128),
            (
                "attention",
                0,
                (B * 128 * 576 * 2) + (B * (1 + 1) * 4),
                B * 128 * 512 * 2,
                2 * B * 16 * 128 * (576 + 512)
            ),
            ("v_up_proj", 128L * 128 * 512 * 2, B * 128 * 512 * 2, B * 128 * 128 * 2, 2 * B * 128 * 128 * 512),
            ("o_proj", 7168L * 16_384 * 2, B * 16_384 * 2, B * 7168 * 2, 2 * B * 7168 * 16_384),
            ("attn_residual", 0, 2 * B * 7168 * 2, B * 7168 * 2, B * 7168),
            ("ffn_norm", 7168 * 2, B * 7168 * 2, B * 7168 * 2, 4 * B * 7168),
            ("gate_up_proj", 36_864L * 7168 * 2, B * 7168 * 2, B * 36_864 * 2, 2 * B * 36_864 * 7168),
            ("activation", 0, B * 36_864 * 2, B * 18_432 * 2, 5 * B * 18_432),
            ("down_proj", 7168L * 18_432 * 2, B * 18_432 * 2, B * 7168 * 2, 2 * B * 7168 * 18_432),
            ("ffn_residual", 0, 2 * B * 7168 * 2, B * 7168 * 2, B * 7168),
        ];
        DecodeStepPlan plan = PlanExamples.Uniform("deepseek-v3", PlanExamples.Formats(), (int)B, 16);
        Assert.Equal(
            expected,
            plan.Operations.Where(operation => operation.Layer == 0)
                .Select(operation =>
                    (
                        operation.Name,
                        operation.WeightReadBytes,
                        operation.ActivationReadBytes,
                        operation.ActivationWriteBytes,
                        operation.Flops
                    )
                )
        );
    }

    [Fact]
    public void ASparseLayerReadsItsRouterItsBiasItsSharedExpertAndEightOthers()
    {
        DecodeStepPlan plan = PlanExamples.Uniform("deepseek-v3", PlanExamples.Formats(), 1, 16);
        PlanOperation Of(string name) =>
            plan.Operations.Single(operation => operation.Layer == 3 && operation.Name == name);

        Assert.Equal(256L * 7168 * 2, Of("router").WeightReadBytes);
        Assert.Equal(256L * 2, Of("route").WeightReadBytes);
        Assert.Equal(8L * 4096 * 7168 * 2, Of("expert_gate_up").WeightReadBytes);
        Assert.Equal(8L * 7168 * 2048 * 2, Of("expert_down").WeightReadBytes);
        Assert.Equal(4096L * 7168 * 2, Of("shared_gate_up").WeightReadBytes);
        Assert.Equal(7168L * 2048 * 2, Of("shared_down").WeightReadBytes);
        Assert.Equal(2L * 8 * 4096 * 7168, Of("expert_gate_up").Flops);
        Assert.Equal(((2 * 8) + 1) * 7168L, Of("expert_combine").Flops);
        Assert.Equal(8L * (4 + 2), Of("route").ActivationWriteBytes);
    }

    [Fact]
    public void EachOfEightDevicesHoldsItsHeadsAndTheWholeLatent()
    {
        DecodeStepPlan one = PlanExamples.Uniform("deepseek-v3", PlanExamples.Formats(), 4, 2048, devices: 1);
        DecodeStepPlan eight = PlanExamples.Uniform("deepseek-v3", PlanExamples.Formats(), 4, 2048, devices: 8);
        Assert.Equal(one.Totals.KvReadBytes, eight.Totals.KvReadBytes);
        foreach (
            string split in (string[])["q_up_proj", "k_absorb", "v_up_proj", "o_proj", "expert_down", "shared_down"]
        )
        {
            Assert.Equal(Weights(one, split) / 8, Weights(eight, split));
        }

        foreach (string whole in (string[])["kv_down_proj", "router", "route", "kv_latent_norm"])
        {
            Assert.Equal(Weights(one, whole), Weights(eight, whole));
        }

        Assert.Equal(2 * 61, eight.Operations.Count(operation => operation.Kind == OperationKind.AllReduce));
    }

    [Fact]
    public void AnFp8CacheHalvesTheLatent()
    {
        DecodeStepPlan plan = PlanExamples.Uniform("deepseek-v3", PlanExamples.Formats(kv: KvFormat.Fp8), 4, 1000);
        PlanOperation attention = plan.Operations.First(operation => operation.Kind == OperationKind.Attention);
        Assert.Equal((4L * 1000 * 576) + plan.KvLayoutOf(0).LayerScaleBytes, attention.KvReadBytes);
    }

    private static long Weights(DecodeStepPlan plan, string name) =>
        plan.Operations.Where(operation => operation.Name == name).Sum(operation => operation.WeightReadBytes);
}
