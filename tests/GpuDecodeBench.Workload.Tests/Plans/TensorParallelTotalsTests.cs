using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Tests.Plans;

/// <summary>What one device of a tensor-parallel group reads, writes, sends and computes, by hand.</summary>
public class TensorParallelTotalsTests
{
    [Fact]
    public void Llama31_70bOnEightDevicesAtBatch32()
    {
        // A device has 8 of 64 query heads, 1 of 8 KV heads, 3584 of 28672 rows, 16032 of 128256 vocabulary rows; h 8192, 80 layers.
        const long Layer =
            (2 * 8192L * 2)
            + (1280L * 8192 * 2) // (8 + 1 + 1) x 128 rows
            + (8192L * 1024 * 2)
            + (7168L * 8192 * 2)
            + (8192L * 3584 * 2);
        const long Weights = (32 * 8192L * 2) + (80 * Layer) + (8192L * 2) + (16032L * 8192 * 2);
        const long Kv = 80L * 32 * 2048 * 512; // 2 x 1 x 128 x 2
        const long Activations =
            (32 * 4L)
            + (
                80L
                * (
                    (32L * ((2 * 8192) + (9 * 128) + (2 * 128) + 1024 + 1024) * 2) // norm, qkv, rope, append, attention, o
                    + (32L * 8192 * 2) // attn_all_reduce
                    + (32L * ((4 * 8192) + 7168 + 3584) * 2) // residual, norm, gate_up; activation; down
                    + (32L * 8192 * 2) // ffn_all_reduce
                    + (32L * 2 * 8192 * 2) // residual
                    + (32L * (4 + 512)) // positions, cosines and sines
                    + (32L * 8) // append's positions and table entries
                    + (((32L * 128) + 32) * 4) // block tables and lengths
                )
            )
            + (32L * (8192 + 8192 + 16032) * 2);
        const long Writes =
            (32 * 8192L * 2)
            + (
                80L
                * 32
                * (
                    // norm, qkv, rope, attention, o, all-reduce, residual, norm, gate_up, activation, down, all-reduce, residual
                    (
                        (8192 + 1280 + (9 * 128) + 1024 + 8192 + 8192 + 8192 + 8192 + 7168 + 3584 + 8192 + 8192 + 8192)
                        * 2
                    ) + 512
                )
            )
            + (32L * (8192 + 16032) * 2)
            + (32 * 4);

        // Two ring all-reduces a layer, each sending 2 x 7 / 8 of 32 x 8192 x 2 bytes; then 32 pairs of 8 bytes to 7 devices.
        const long Link = (80L * 2 * (2 * 7 * 32 * 8192 * 2 / 8)) + (32L * 8 * 7);
        const long Flops =
            (
                80L
                * 32
                * (
                    (2 * 4L * 8192)
                    + (2L * 1280 * 8192)
                    + (3L * 9 * 128)
                    + (4L * 2048 * 8 * 128)
                    + (2L * 8192 * 1024)
                    + (2L * (8192 * 7 / 8))
                    + (2L * 8192)
                    + (2L * 7168 * 8192)
                    + (5L * 3584)
                    + (2L * 8192 * 3584)
                )
            ) + (32L * ((4L * 8192) + (2L * 16032 * 8192) + 16032));
        DecodeStepPlan plan = PlanExamples.Uniform("llama-3.1-70b", PlanExamples.Formats(), 32, 2048, devices: 8);
        PlanExamples.AssertTotals(plan, Weights, Kv, Activations, Writes, Link, Flops);
    }

    [Fact]
    public void KvHeadsAreRepeatedWhereThereAreFewerThanDevices()
    {
        // 8 KV heads on 16 devices: one each, so a device's cache is no smaller than on 8; its 4 query heads make 4 + 1 + 1.
        DecodeStepPlan sixteen = PlanExamples.Uniform("llama-3.1-70b", PlanExamples.Formats(), 1, 2048, devices: 16);
        DecodeStepPlan eight = PlanExamples.Uniform("llama-3.1-70b", PlanExamples.Formats(), 1, 2048, devices: 8);
        Assert.Equal(80L * 2048 * 512, sixteen.Totals.KvReadBytes);
        Assert.Equal(eight.Totals.KvReadBytes, sixteen.Totals.KvReadBytes);
        Assert.Equal(6L * 128 * 8192 * 2, sixteen.Operations.First(o => o.Name == "qkv_proj").WeightReadBytes);
    }

    [Fact]
    public void AVocabularyThatDoesNotDivideIsRoundedUp()
    {
        // 32 devices hold 1000 rows each of 32000; of 32001 the first ones hold 1001.
        DecodeStepPlan plan = PlanExamples.Uniform("llama-2-7b", PlanExamples.Formats(), 1, 16, devices: 32);
        Assert.Equal(32000 / 32, plan.BufferElements(StepBuffer.Logits));
        DecodeStepPlan odd = DecodeStepPlan.Create(plan.Model with { VocabularySize = 32001 }, plan.Conditions);
        Assert.Equal(1001, odd.BufferElements(StepBuffer.Logits));
    }

    [Fact]
    public void ATiedLmHeadReadsItsShardOfTheEmbeddingWhichEveryDeviceHolds()
    {
        DecodeStepPlan plan = PlanExamples.Uniform("llama-3.2-1b", PlanExamples.Formats(), 1, 16, devices: 4);
        Assert.Equal(128256L / 4 * 2048 * 2, plan.Operations.Single(o => o.Name == "lm_head").WeightReadBytes);
        Assert.Equal(128256L * 2048 * 2, plan.Tensors.Single(t => t.Role == TensorRole.Embedding).Bytes);
        Assert.DoesNotContain(plan.Tensors, tensor => tensor.Role == TensorRole.LmHead);
    }
}
