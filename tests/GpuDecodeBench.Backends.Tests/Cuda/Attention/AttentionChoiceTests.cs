using GpuDecodeBench.Backends.Cuda.Attention;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Backends.Tests.Cuda.Attention;

public sealed class AttentionChoiceTests
{
    [Theory]
    [InlineData(KvFormat.Bf16, 128, 8, 2, true, "attention_mma_bf16_d128_h8", 2)]
    [InlineData(KvFormat.Bf16, 128, 32, 2, true, "attention_mma_bf16_d128_h16", 2)]
    [InlineData(KvFormat.Fp8, 64, 22, 2, true, "attention_mma_fp8_d64_h8", 4)]
    [InlineData(KvFormat.Int8, 80, 22, 2, true, "attention_fma_int8", 4)]
    [InlineData(KvFormat.Int8, 300, 4, 4, true, "attention_fma_int8", 8)]
    [InlineData(KvFormat.Fp16, 128, 8, 2, false, "attention_fma_fp16", 2)]
    public void EveryShapeHasAKernel(
        KvFormat format,
        int dimension,
        int heads,
        int kvHeads,
        bool hasMatrix,
        string kernel,
        int blocksPerToken
    )
    {
        var problem = new AttentionProblem(new KvLayout(format, kvHeads, dimension), heads, dimension, 64, 1000);

        AttentionChoice choice = AttentionChoice.Guess(in problem, hasMatrix, 16);

        Assert.Equal(kernel, choice.Kernel);
        Assert.Equal($"attention_{format.Name()}", choice.Module);
        Assert.Equal(blocksPerToken, choice.BlocksPerToken);
    }

    [Theory]
    [InlineData(576, 512, 128, true, "attention_latent_mma_bf16_d576_h64", 2)]
    [InlineData(576, 512, 16, true, "attention_latent_mma_bf16_d576_h16", 1)]
    [InlineData(576, 512, 16, false, "attention_latent_fma_bf16", 2)]
    [InlineData(24, 16, 4, true, "attention_latent_fma_bf16", 1)]
    [InlineData(650, 600, 4, true, "attention_latent_fma_bf16", 2)]
    public void EveryLatentHasAKernel(
        int dimension,
        int values,
        int heads,
        bool hasMatrix,
        string kernel,
        int blocksPerToken
    )
    {
        KvLayout layout = new(KvFormat.Bf16, 1, dimension) { IsLatent = true };
        var problem = new AttentionProblem(layout, heads, values, 64, 1000);

        AttentionChoice choice = AttentionChoice.Guess(in problem, hasMatrix, 16);

        Assert.Equal(kernel, choice.Kernel);
        Assert.Equal("attention_latent_bf16", choice.Module);
        Assert.Equal(blocksPerToken, choice.BlocksPerToken);
    }

    [Fact]
    public void ManySequencesAreNotSplit()
    {
        var problem = new AttentionProblem(new KvLayout(KvFormat.Bf16, 8, 128), 32, 128, 32, 100_000);

        AttentionChoice choice = AttentionChoice.Guess(in problem, true, 132);

        Assert.Equal(1, choice.Splits);
        Assert.Equal(0, choice.PartialBytes);
    }

    [Fact]
    public void OneLongSequenceFillsTheGpu()
    {
        var problem = new AttentionProblem(new KvLayout(KvFormat.Bf16, 8, 128), 32, 128, 1, 8192);

        AttentionChoice choice = AttentionChoice.Guess(in problem, true, 132);

        int blocks = choice.Splits * choice.BlocksPerToken;
        Assert.InRange(blocks, 0.85 * 264, 264);
        Assert.Equal(32L * choice.Splits * 130 * sizeof(float), choice.PartialBytes);
    }

    [Fact]
    public void AShortSequenceHasAStepForEachTeam()
    {
        var problem = new AttentionProblem(new KvLayout(KvFormat.Bf16, 8, 128), 32, 128, 1, 300);

        Assert.Equal(2, AttentionChoice.Guess(in problem, true, 132).Splits);
        Assert.Equal(1, AttentionChoice.Guess(problem with { LongestSpan = 1 }, true, 132).Splits);
    }

    [Fact]
    public void AGivenNumberOfSplitsIsTaken()
    {
        var problem = new AttentionProblem(new KvLayout(KvFormat.Bf16, 8, 128), 32, 128, 1, 300);

        Assert.Equal(5, AttentionChoice.Guess(in problem, true, 132, splits: 5).Splits);
    }
}
