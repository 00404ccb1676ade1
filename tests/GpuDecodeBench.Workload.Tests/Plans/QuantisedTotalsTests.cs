using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Tests.Plans;

/// <summary>
/// Weight and KV bytes of quantised steps by hand: a row's codes, scales and zero points written out. Norms, the embedding and
/// the LM head stay in bf16.
/// </summary>
public class QuantisedTotalsTests
{
    // Llama-3.1-8B: rows of 4096 columns are 6144 (qkv), 4096 (o) and 28672 (gate, up); rows of 14336 columns are 4096 (down).
    private const long NarrowRows = 6144 + 4096 + 28672;
    private const long WideRows = 4096;
    private const long Bf16Parts = (32L * 2 * 4096 * 2) + (4096L * 2) + (128256L * 4096 * 2);
    private const long EmbeddingRow = 4096L * 2;

    // FLOPs do not depend on any format: one sequence's, without attention.
    private const long FlopsOfOneSequence =
        (
            32L
            * (
                (2 * 4L * 4096)
                + (2L * NarrowRows * 4096)
                + (2L * 4096 * 14336)
                + (3L * 40 * 128)
                + (2L * 4096)
                + (5L * 14336)
            )
        )
        + (4L * 4096)
        + (2L * 128256 * 4096)
        + 128256;

    [Fact]
    public void Int4CountsAnFp16ScaleAndHalfAByteOfZeroPointForEach128Columns()
    {
        // 4096 columns: 2048 bytes of codes, 32 scales, 32 nibbles. 14336 columns: 7168, 112 scales, 112 nibbles.
        const long Narrow = 2048 + 64 + 16;
        const long Wide = 7168 + 224 + 56;
        DecodeStepPlan plan = PlanExamples.Uniform(
            "llama-3.1-8b",
            PlanExamples.Formats(WeightFormat.Int4, KvFormat.Fp16, ActivationFormat.Fp16),
            4,
            1024
        );
        Assert.Equal(
            (32L * ((NarrowRows * Narrow) + (WideRows * Wide))) + Bf16Parts + (4 * EmbeddingRow),
            plan.Totals.WeightReadBytes
        );
        Assert.Equal(32L * 4 * 1024 * 4096, plan.Totals.KvReadBytes);
        Assert.Equal((4 * FlopsOfOneSequence) + (32L * 4 * 1024 * 4 * 32 * 128), plan.Totals.Flops);
        Assert.Equal(WeightFormat.Bf16, plan.Operations[^2].Weight!.Layout.Format);
    }

    [Fact]
    public void Fp8CountsAnFp32ScaleForEachRowAndTwoForEachLayersCache()
    {
        DecodeStepPlan plan = PlanExamples.Uniform(
            "llama-3.1-8b",
            PlanExamples.Formats(WeightFormat.Fp8, KvFormat.Fp8),
            8,
            4096
        );
        Assert.Equal(
            (32L * ((NarrowRows * (4096 + 4)) + (WideRows * (14336 + 4)))) + Bf16Parts + (8 * EmbeddingRow),
            plan.Totals.WeightReadBytes
        );

        // 2 x 8 x 128 bytes a token; the two FP32 scales are read to append and again to attend.
        Assert.Equal(32L * ((8L * 4096 * 2048) + 8 + 8), plan.Totals.KvReadBytes);
        Assert.Equal((8 * FlopsOfOneSequence) + (32L * 8 * 4096 * 4 * 32 * 128), plan.Totals.Flops);
    }

    [Fact]
    public void MxFp4CountsAByteForEach32ColumnsAndInt8KvAnFp16ScaleForEachHead()
    {
        DecodeStepPlan plan = PlanExamples.Uniform(
            "llama-3.1-8b",
            PlanExamples.Formats(WeightFormat.MxFp4, KvFormat.Int8),
            1,
            333
        );
        Assert.Equal(
            (32L * ((NarrowRows * (2048 + 128)) + (WideRows * (7168 + 448)))) + Bf16Parts + EmbeddingRow,
            plan.Totals.WeightReadBytes
        );

        // 2 x 8 x (128 + 2) bytes a token.
        Assert.Equal(32L * 333 * 2080, plan.Totals.KvReadBytes);
        Assert.Equal(32L * 2080, plan.Operations.Sum(operation => operation.KvWriteBytes));
    }

    [Fact]
    public void NvFp4CountsAByteForEach16ColumnsAndAnFp32ScaleForEachMatrix()
    {
        DecodeStepPlan plan = PlanExamples.Uniform("llama-3.1-8b", PlanExamples.Formats(WeightFormat.NvFp4), 1, 16);
        Assert.Equal(
            (32L * ((NarrowRows * (2048 + 256)) + (WideRows * (7168 + 896)) + (4 * 4))) + Bf16Parts + EmbeddingRow,
            plan.Totals.WeightReadBytes
        );
    }

    [Fact]
    public void Llama2_70bInInt8AtBatch16()
    {
        // h 8192, 64 query and 8 KV heads of 128, f 28672, V 32000, 80 layers; 16 contexts of 512, 32 blocks each.
        const long Layer =
            (2 * 8192L * 2)
            + ((10240L + 8192 + 57344) * (8192 + 4)) // qkv, o, gate and up
            + (8192L * (28672 + 4)); // down
        const long Weights = (16 * 8192L * 2) + (80 * Layer) + (8192L * 2) + (32000L * 8192 * 2);
        const long Kv = 80L * 16 * 512 * 4096;
        const long Activations =
            (16 * 4L)
            + (
                80L
                * (
                    (
                        16L
                        * ((2 * 8192) + (72 * 128) + (16 * 128) + 8192 + 8192 + (4 * 8192) + 57344 + 28672 + (2 * 8192))
                        * 2
                    )
                    + (16L * (4 + 512))
                    + (16L * 8)
                    + (((16L * 32) + 16) * 4)
                )
            )
            + (16L * (8192 + 8192 + 32000) * 2);
        const long Writes =
            (16 * 8192L * 2)
            + (80L * 16 * ((8192 + 10240 + (72 * 128) + 8192 + (4 * 8192) + 57344 + 28672 + 8192) * 2 + 4096))
            + (16L * (8192 + 32000) * 2)
            + (16 * 4);
        const long Flops =
            16L
            * (
                (
                    80L
                    * (
                        (2 * 4L * 8192)
                        + (2L * (10240 + 8192 + 57344) * 8192)
                        + (2L * 8192 * 28672)
                        + (3L * 72 * 128)
                        + (4L * 512 * 64 * 128)
                        + (2L * 8192)
                        + (5L * 28672)
                    )
                )
                + (4L * 8192)
                + (2L * 32000 * 8192)
                + 32000
            );
        DecodeStepPlan plan = PlanExamples.Uniform("llama-2-70b", PlanExamples.Formats(WeightFormat.Int8), 16, 512);
        PlanExamples.AssertTotals(plan, Weights, Kv, Activations, Writes, 0, Flops);
    }

    [Fact]
    public void MixedContextsAddTheirTokensAndTheirBlocks()
    {
        // tiny: 8 query and 2 KV heads of 32, 4 layers. 1 + 16 + 17 + 4096 tokens lie in 1 + 1 + 2 + 256 blocks.
        DecodeStepPlan plan = PlanExamples.Mixed(
            "tiny",
            PlanExamples.Formats(activations: ActivationFormat.Fp32),
            1,
            16,
            17,
            4096
        );
        PlanOperation attention = plan.Operations.First(operation => operation.Name == "attention");
        Assert.Equal(4130L * 256, attention.KvReadBytes); // 2 x 2 x 32 x 2 bytes a token
        Assert.Equal((4L * 256 * 4) + ((260 + 4) * 4), attention.ActivationReadBytes);
        Assert.Equal(4L * 4130 * 8 * 32, attention.Flops);
        Assert.Equal(260, plan.KvBlocks);
        Assert.Equal(4L * 260 * 16 * 256, plan.Memory.KvBytes);
        Assert.Equal(4 * (260 + 12), plan.Memory.IndexBytes);
    }

    [Fact]
    public void LargerBlocksTakeMoreMemoryAndFewerEntriesOfTheTable()
    {
        // The same contexts lie in 1 + 1 + 1 + 64 blocks of 64 tokens; what is read of the cache does not change.
        var conditions = new StepConditions
        {
            Formats = PlanExamples.Formats(activations: ActivationFormat.Fp32),
            ContextTokens = [1, 16, 17, 4096],
            KvBlockTokens = 64,
        };
        var plan = DecodeStepPlan.Create(ModelCatalogue.Find("tiny"), conditions);
        PlanOperation attention = plan.Operations.First(operation => operation.Name == "attention");
        Assert.Equal(4130L * 256, attention.KvReadBytes);
        Assert.Equal((4L * 256 * 4) + ((67 + 4) * 4), attention.ActivationReadBytes);
        Assert.Equal((67, 268), (plan.KvBlocks, plan.KvPages));
        Assert.Equal(4L * 67 * 64 * 256, plan.Memory.KvBytes);
        Assert.Equal(4 * (67 + 12), plan.Memory.IndexBytes);
    }
}
