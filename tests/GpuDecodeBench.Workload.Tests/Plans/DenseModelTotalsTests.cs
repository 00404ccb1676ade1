using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Tests.Plans;

/// <summary>
/// A step's totals worked out by hand in sixteen-bit weights, every operation a line in the order of the step. Nothing here
/// calls what it checks: the sizes are those of the models' config.json, written out.
/// </summary>
public class DenseModelTotalsTests
{
    [Fact]
    public void Llama31_8bInBf16AtBatch1AndContext2048()
    {
        // h 4096, 32 query and 8 KV heads of 128, f 14336, V 128256, 32 layers; two bytes an activation; 2048 / 16 = 128 blocks.
        const long Weights =
            (4096L * 2) // one embedding row
            + (
                32L
                * (
                    (4096L * 2) // attn_norm
                    + (6144L * 4096 * 2) // qkv_proj: (32 + 8 + 8) x 128 rows
                    + (4096L * 4096 * 2) // o_proj
                    + (4096L * 2) // ffn_norm
                    + (28672L * 4096 * 2) // gate_up_proj
                    + (4096L * 14336 * 2) // down_proj
                )
            )
            + (4096L * 2) // final_norm
            + (128256L * 4096 * 2); // lm_head
        const long Kv = 32L * 2048 * 4096; // 2 x 8 x 128 x 2 bytes a token and layer
        const long Activations =
            4L // token id
            + (
                32L
                * (
                    (4096 * 2) // attn_norm
                    + (4096 * 2) // qkv_proj
                    + (40 * 128 * 2)
                    + 4
                    + (128 * 4) // rope: queries, keys, position, cosines and sines
                    + (16 * 128 * 2)
                    + 8 // kv_append: keys, values, position, table entry
                    + (4096 * 2)
                    + ((128 + 1) * 4) // attention: queries, block table, length
                    + (4096 * 2) // o_proj
                    + (2 * 4096 * 2) // residual
                    + (4096 * 2) // ffn_norm
                    + (4096 * 2) // gate_up_proj
                    + (28672 * 2) // activation
                    + (14336 * 2) // down_proj
                    + (2 * 4096 * 2) // residual
                )
            )
            + (4096 * 2) // final_norm
            + (4096 * 2) // lm_head
            + (128256 * 2); // argmax
        const long Writes =
            (4096L * 2) // embedding
            + (
                32L
                * (
                    (4096 * 2) // attn_norm
                    + (6144 * 2) // qkv_proj
                    + (40 * 128 * 2) // rope
                    + 4096 // kv_append
                    + (4096 * 2) // attention
                    + (4096 * 2) // o_proj
                    + (4096 * 2) // residual
                    + (4096 * 2) // ffn_norm
                    + (28672 * 2) // gate_up_proj
                    + (14336 * 2) // activation
                    + (4096 * 2) // down_proj
                    + (4096 * 2) // residual
                )
            )
            + (4096 * 2) // final_norm
            + (128256 * 2) // lm_head
            + 4; // argmax
        const long Flops =
            (
                32L
                * (
                    (4L * 4096) // attn_norm
                    + (2L * 6144 * 4096) // qkv_proj
                    + (3L * 40 * 128) // rope
                    + (4L * 2048 * 32 * 128) // attention
                    + (2L * 4096 * 4096) // o_proj
                    + 4096 // residual
                    + (4L * 4096) // ffn_norm
                    + (2L * 28672 * 4096) // gate_up_proj
                    + (5L * 14336) // activation
                    + (2L * 4096 * 14336) // down_proj
                    + 4096 // residual
                )
            )
            + (4L * 4096) // final_norm
            + (2L * 128256 * 4096) // lm_head
            + 128256; // argmax
        DecodeStepPlan plan = PlanExamples.Uniform("llama-3.1-8b", PlanExamples.Formats(), 1, 2048);
        PlanExamples.AssertTotals(plan, Weights, Kv, Activations, Writes, 0, Flops);

        // The published 8,030,261,248 parameters at two bytes, less the embedding of which one row is read.
        Assert.Equal((8_030_261_248L * 2) - (128255L * 4096 * 2), plan.Totals.WeightReadBytes);
    }

    [Fact]
    public void Llama2_7bInFp16AtBatch1AndItsWholeContext()
    {
        // Multi-head: 32 heads of 128 for queries, keys and values; h 4096, f 11008, V 32000, 32 layers; 256 blocks.
        const long Layer =
            (4096L * 2)
            + (12288L * 4096 * 2)
            + (4096L * 4096 * 2)
            + (4096L * 2)
            + (22016L * 4096 * 2)
            + (4096L * 11008 * 2);
        const long Weights = (4096L * 2) + (32 * Layer) + (4096L * 2) + (32000L * 4096 * 2);
        const long Kv = 32L * 4096 * 16384; // 2 x 32 x 128 x 2
        const long Activations =
            4L
            + (
                32L
                * (
                    (2 * 4096 * 2) // norm, qkv
                    + (64 * 128 * 2 + 4 + 512) // rope
                    + (64 * 128 * 2 + 8) // append
                    + (4096 * 2 + (257 * 4)) // attention
                    + (4096 * 2) // o
                    + (4 * 4096 * 2) // residual, norm, gate_up
                    + (22016 * 2) // activation
                    + (11008 * 2) // down
                    + (2 * 4096 * 2) // residual
                )
            )
            + (2 * 4096 * 2)
            + (32000 * 2);
        const long Writes =
            (4096L * 2)
            + (
                32L
                * ((4096 + 12288 + (64 * 128) + 4096 + 4096 + 4096 + 4096 + 22016 + 11008 + 4096 + 4096) * 2 + 16384)
            )
            + ((4096 + 32000) * 2)
            + 4;
        const long Flops =
            (
                32L
                * (
                    (2 * 4L * 4096)
                    + (2L * 12288 * 4096)
                    + (3L * 64 * 128)
                    + (4L * 4096 * 32 * 128)
                    + (2L * 4096 * 4096)
                    + (2L * 4096)
                    + (2L * 22016 * 4096)
                    + (5L * 11008)
                    + (2L * 4096 * 11008)
                )
            )
            + (4L * 4096)
            + (2L * 32000 * 4096)
            + 32000;
        DecodeStepPlan plan = PlanExamples.Uniform(
            "llama-2-7b",
            PlanExamples.Formats(WeightFormat.Fp16, KvFormat.Fp16, ActivationFormat.Fp16),
            1,
            4096
        );
        PlanExamples.AssertTotals(plan, Weights, Kv, Activations, Writes, 0, Flops);
    }

    [Fact]
    public void Llama32_1bReadsItsTiedEmbeddingAsTheLmHead()
    {
        // h 2048, 32 query and 8 KV heads of 64, f 8192, V 128256, 16 layers; batch 2, context 1000: 63 blocks each.
        const long Layer =
            (2 * 2048L * 2) + (3072L * 2048 * 2) + (2048L * 2048 * 2) + (16384L * 2048 * 2) + (2048L * 8192 * 2);
        const long Weights = (2 * 2048L * 2) + (16 * Layer) + (2048L * 2) + (128256L * 2048 * 2);
        const long Kv = 16L * 2000 * 2048; // two contexts of 1000; 2 x 8 x 64 x 2
        const long Activations =
            8L
            + (
                16L
                * (
                    (2 * 2 * 2048 * 2)
                    + (2 * 40 * 64 * 2 + (2 * (4 + 256)))
                    + (2 * 16 * 64 * 2 + (2 * 8))
                    + (2 * 2048 * 2 + ((126 + 2) * 4))
                    + (2 * 2048 * 2)
                    + (2 * 4 * 2048 * 2)
                    + (2 * 16384 * 2)
                    + (2 * 8192 * 2)
                    + (2 * 2 * 2048 * 2)
                )
            )
            + (2 * 2 * 2048 * 2)
            + (2 * 128256 * 2);
        const long Writes =
            (2 * 2048L * 2)
            + (16L * 2 * ((2048 + 3072 + (40 * 64) + 2048 + (4 * 2048) + 16384 + 8192 + 2048) * 2 + 2048))
            + (2L * (2048 + 128256) * 2)
            + 8;
        const long Flops =
            (
                16L
                * 2
                * (
                    (2 * 4L * 2048)
                    + (2L * 3072 * 2048)
                    + (3L * 40 * 64)
                    + (4L * 1000 * 32 * 64)
                    + (2L * 2048 * 2048)
                    + (2L * 2048)
                    + (2L * 16384 * 2048)
                    + (5L * 8192)
                    + (2L * 2048 * 8192)
                )
            ) + (2L * ((4L * 2048) + (2L * 128256 * 2048) + 128256));
        DecodeStepPlan plan = PlanExamples.Uniform("llama-3.2-1b", PlanExamples.Formats(), 2, 1000);
        // Writes above list four h-wide outputs (o_proj, residual, ffn_norm, residual) and down_proj as the last.
        PlanExamples.AssertTotals(plan, Weights, Kv, Activations, Writes, 0, Flops);
        Assert.DoesNotContain(plan.Tensors, tensor => tensor.Role == TensorRole.LmHead);
        Assert.Equal((1_235_814_400L * 2), plan.Memory.WeightBytes);
    }

    [Fact]
    public void Qwen25_7bAddsTheBiasesOfQueriesKeysAndValues()
    {
        // h 3584, 28 query and 4 KV heads of 128, f 18944, V 152064, 28 layers; batch 1, context 512: 32 blocks.
        const long Layer =
            (2 * 3584L * 2)
            + (4608L * 3584 * 2) // (28 + 4 + 4) x 128 rows
            + (4608L * 2) // their biases
            + (3584L * 3584 * 2)
            + (37888L * 3584 * 2)
            + (3584L * 18944 * 2);
        const long Weights = (3584L * 2) + (28 * Layer) + (3584L * 2) + (152064L * 3584 * 2);
        const long Kv = 28L * 512 * 2048; // 2 x 4 x 128 x 2
        const long Activations =
            4L
            + (
                28L
                * (
                    (2 * 3584 * 2)
                    + (32 * 128 * 2 + 4 + 512)
                    + (8 * 128 * 2 + 8)
                    + (3584 * 2 + (33 * 4))
                    + (3584 * 2)
                    + (4 * 3584 * 2)
                    + (37888 * 2)
                    + (18944 * 2)
                    + (2 * 3584 * 2)
                )
            )
            + (2 * 3584 * 2)
            + (152064 * 2);
        const long Writes =
            (3584L * 2)
            + (28L * ((3584 + 4608 + (32 * 128) + 3584 + (4 * 3584) + 37888 + 18944 + 3584) * 2 + 2048))
            + ((3584 + 152064) * 2)
            + 4;
        const long Flops =
            (
                28L
                * (
                    (2 * 4L * 3584)
                    + (2L * 4608 * 3584)
                    + 4608 // adding the biases
                    + (3L * 32 * 128)
                    + (4L * 512 * 28 * 128)
                    + (2L * 3584 * 3584)
                    + (2L * 3584)
                    + (2L * 37888 * 3584)
                    + (5L * 18944)
                    + (2L * 3584 * 18944)
                )
            )
            + (4L * 3584)
            + (2L * 152064 * 3584)
            + 152064;
        DecodeStepPlan plan = PlanExamples.Uniform("qwen2.5-7b", PlanExamples.Formats(), 1, 512);
        PlanExamples.AssertTotals(plan, Weights, Kv, Activations, Writes, 0, Flops);
    }

    [Fact]
    public void Qwen3_8bAddsTheNormsOfQueriesAndKeys()
    {
        // h 4096, 32 query and 8 KV heads of 128, f 12288, V 151936, 36 layers; batch 1, context 100: 7 blocks; FP32 activations.
        const long Layer =
            (2 * 4096L * 2)
            + (6144L * 4096 * 2)
            + (2 * 128L * 2) // query norm and key norm
            + (4096L * 4096 * 2)
            + (24576L * 4096 * 2)
            + (4096L * 12288 * 2);
        const long Weights = (4096L * 2) + (36 * Layer) + (4096L * 2) + (151936L * 4096 * 2);
        const long Kv = 36L * 100 * 4096;
        const long Activations =
            4L
            + (
                36L
                * (
                    (2 * 4096 * 4)
                    + (40 * 128 * 4) // qk_norm
                    + (40 * 128 * 4 + 4 + 512)
                    + (16 * 128 * 4 + 8)
                    + (4096 * 4 + (8 * 4))
                    + (4096 * 4)
                    + (4 * 4096 * 4)
                    + (24576 * 4)
                    + (12288 * 4)
                    + (2 * 4096 * 4)
                )
            )
            + (2 * 4096 * 4)
            + (151936 * 4);
        const long Writes =
            (4096L * 4)
            + (36L * ((4096 + 6144 + (2 * 40 * 128) + 4096 + (4 * 4096) + 24576 + 12288 + 4096) * 4 + 4096))
            + ((4096 + 151936) * 4)
            + 4;
        const long Flops =
            (
                36L
                * (
                    (2 * 4L * 4096)
                    + (2L * 6144 * 4096)
                    + (4L * 40 * 128) // qk_norm
                    + (3L * 40 * 128)
                    + (4L * 100 * 32 * 128)
                    + (2L * 4096 * 4096)
                    + (2L * 4096)
                    + (2L * 24576 * 4096)
                    + (5L * 12288)
                    + (2L * 4096 * 12288)
                )
            )
            + (4L * 4096)
            + (2L * 151936 * 4096)
            + 151936;
        DecodeStepPlan plan = PlanExamples.Uniform(
            "qwen3-8b",
            PlanExamples.Formats(activations: ActivationFormat.Fp32),
            1,
            100
        );
        PlanExamples.AssertTotals(plan, Weights, Kv, Activations, Writes, 0, Flops);
    }

    [Fact]
    public void Mistral7bV01ReadsNoMoreThanItsWindowBeyond4096Tokens()
    {
        // Of 8001 tokens the last 4096 are read: token 3905 in block 244 to token 8000 in block 500, 257 blocks.
        DecodeStepPlan plan = PlanExamples.Uniform("mistral-7b-v0.1", PlanExamples.Formats(), 1, 8001);
        PlanOperation attention = plan.Operations.First(operation => operation.Name == "attention");
        Assert.Equal(4096L * 4096, attention.KvReadBytes);
        Assert.Equal((4096 * 2) + ((257 + 1) * 4), attention.ActivationReadBytes);
        Assert.Equal(4L * 4096 * 32 * 128, attention.Flops);
        Assert.Equal(32L * 4096 * 4096, plan.Totals.KvReadBytes);

        // A server holds the 257 blocks alone; this benchmark's own caches hold all 8001 tokens, 501 blocks of 16.
        Assert.Equal(32L * 257 * 16 * 4096, plan.Memory.KvBytes);
        Assert.Equal(32L * 501 * 16 * 4096, plan.BenchmarkMemory.KvBytes);

        // The weights are Llama-3.1-8B's with a vocabulary of 32000.
        const long Layer =
            (2 * 4096L * 2) + (6144L * 4096 * 2) + (4096L * 4096 * 2) + (28672L * 4096 * 2) + (4096L * 14336 * 2);
        Assert.Equal((4096L * 2) + (32 * Layer) + (4096L * 2) + (32000L * 4096 * 2), plan.Totals.WeightReadBytes);
    }
}
