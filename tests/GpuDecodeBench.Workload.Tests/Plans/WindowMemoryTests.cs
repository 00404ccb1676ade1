using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Tests.Plans;

/// <summary>What layers with a sliding window hold, worked by hand.</summary>
public class WindowMemoryTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Gemma3_27bHoldsItsWindowsAndTheContextInEverySixthLayer(int batch)
    {
        // 62 layers, every sixth of them (10) sees all 131,072 tokens; 52 see 1024, which lie in at most 65 blocks of 16.
        // A token of a layer: keys and values of 16 heads of 128 elements in 2 bytes, 8192.
        DecodeStepPlan plan = PlanExamples.Uniform("gemma-3-27b", PlanExamples.Formats(), batch, 131_072);

        Assert.Equal(batch * 8192L * ((10 * 131_072L) + (52 * 65 * 16L)), plan.Memory.KvBytes);
        Assert.Equal(batch * 8192L * 62 * 131_072, plan.BenchmarkMemory.KvBytes);
        Assert.True(plan.ForgetsTokens);
    }

    [Theory]
    [InlineData(16, 9)] // 128 tokens: 16 to 128 of them in eight blocks or nine
    [InlineData(32, 5)]
    [InlineData(64, 3)]
    public void AWindowThatBeginsWithinABlockTouchesOneMore(int blockTokens, int blocks)
    {
        // gpt-oss-20b: 12 of 24 layers with a window of 128; 8 heads of 64 elements, 2048 bytes a token and layer.
        DecodeStepPlan plan = DecodeStepPlan.Create(
            ModelCatalogue.Find("gpt-oss-20b"),
            StepConditions.Uniform(PlanExamples.Formats(), 1, 8192) with
            {
                KvBlockTokens = blockTokens,
            }
        );

        Assert.Equal(2048L * 12 * (8192 + (blocks * blockTokens)), plan.Memory.KvBytes);
    }

    [Theory]
    [InlineData("gemma-3-27b", 1024)] // not longer than the window
    [InlineData("llama-3.1-8b", 131_072)] // without one
    [InlineData("deepseek-v3", 4096)]
    public void WhereNoTokenIsForgottenAServerHoldsWhatTheBenchmarkHolds(string model, int context)
    {
        DecodeStepPlan plan = PlanExamples.Uniform(model, PlanExamples.Formats(), 2, context);

        Assert.Equal(plan.BenchmarkMemory, plan.Memory);
        Assert.False(plan.ForgetsTokens);
    }

    [Fact]
    public void BeyondItsWindowsACacheGrowsByTheLayersWithoutOne()
    {
        // Of Gemma 3 27B 10 layers of 62, and none of Mistral 7B v0.1; Llama 3.1 8B has no windows.
        Assert.Equal(10 * 8192, Beyond("gemma-3-27b"));
        Assert.Equal(0, Beyond("mistral-7b-v0.1"));
        Assert.Equal(131_072, Beyond("llama-3.1-8b"));

        static long Beyond(string model) =>
            ModelParameters.KvBytesPerTokenBeyondWindows(ModelCatalogue.Find(model), KvFormat.Bf16);
    }
}
