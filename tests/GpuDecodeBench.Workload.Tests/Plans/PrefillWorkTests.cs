using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Tests.Plans;

/// <summary>The work of an input token, worked by hand from the models' published sizes.</summary>
public class PrefillWorkTests
{
    /// <summary>How much norms, rotations, activations and sums may add to the products and to attention.</summary>
    private const double Elementwise = 0.003;

    [Fact]
    public void Llama32_1bOf1024TokensToTheLastOperation()
    {
        // Query, key and value 3072 × 2048, output 2048 × 2048, gate and up 16,384 × 2048, down 2048 × 8192: 60,817,408 weights a layer.
        const double Products = 2.0 * 16 * 60_817_408;
        // Two norms of 4, two residuals of 1 over 2048; rotation of 32 + 8 heads of 64 at 3; 8192 activations at 5.
        const double Small = 16 * ((8 * 2048) + (2 * 2048) + (3 * 40 * 64) + (5 * 8192));
        // 4 FLOPs for each of 32 × 64 elements and token before or at it, of which there are 512.5 on average.
        const double Attention = 16 * 4 * 32 * 64 * 512.5;
        // The last norm, the LM head of 128,256 × 2048 and the choice, once for all 1024 tokens.
        const double Last = ((4 * 2048) + (2.0 * 128_256 * 2048) + 128_256) / 1024;

        Assert.Equal(2_014_950_533.25, Products + Small + Attention + Last, 1e-3);
        Assert.Equal(Products + Small + Attention + Last, Work("llama-3.2-1b", 1024), 1e-3);
    }

    [Fact]
    public void SequencesOfSeveralLengthsCountByTheirTokens()
    {
        // Of 1 and of 3 tokens: 1 + (1 + 2 + 3) pairs over 4 tokens, and two last tokens.
        DecodeStepPlan plan = PlanExamples.Mixed("llama-3.2-1b", PlanExamples.Formats(), 1, 3);

        Assert.Equal(
            1_946_157_056 + 1_105_920 + (131_072 * 7 / 4.0) + (2 * 525_473_024 / 4.0),
            PrefillWork.FlopsPerToken(plan),
            1e-3
        );
    }

    [Theory]
    [InlineData(1024, 384.25, 512.5)] // (512 × 513 / 2 + 512 × 512) / 1024; 1025 / 2
    [InlineData(4096, 480.0625, 2048.5)] // (512 × 513 / 2 + 3584 × 512) / 4096
    public void Gemma3_1bAttendsToItsWindowIn22LayersAndToHalfTheContextIn4(int tokens, double windowed, double whole)
    {
        // Query, key and value 1536 × 1152, output 1152 × 1024, gate and up 13,824 × 1152, down 1152 × 6912: 26,836,992 weights.
        const double Products = 2.0 * 26 * 26_836_992;
        double attention = 4 * 4 * 256 * ((22 * windowed) + (4 * whole));
        double head = 2.0 * 262_144 * 1152 / tokens;

        AssertIs(Products + attention + head, Work("gemma-3-1b", tokens));
    }

    [Fact]
    public void Mixtral8x7bComputesWithTwoOfItsExperts()
    {
        // Query, key and value 6144 × 4096, output 4096 × 4096, router 8 × 4096, and of each of two experts three times 14,336 × 4096.
        const double Products = 2.0 * 32 * (25_165_824 + 16_777_216 + 32_768 + (6 * 58_720_256));
        const double Attention = 32 * 4 * 32 * 128 * 2048.5;
        const double Head = 2.0 * 32_000 * 4096 / 4096;

        AssertIs(Products + Attention + Head, Work("mixtral-8x7b", 4096));
    }

    [Theory]
    [InlineData(4096, 2048.5)]
    [InlineData(131_072, 65_536.5)]
    public void DeepSeekV3TakesPromptsInWithKeysAndValuesWrittenOut(int tokens, double before)
    {
        double attention = Pairs(before);
        AssertIs(DeepSeekProducts + attention + (2.0 * 129_280 * 7168 / tokens), Work("deepseek-v3", tokens));
    }

    [Fact]
    public void OnEightDevicesTheDownProjectionsAndRoutersOfDeepSeekV3AreDoneEightTimes()
    {
        // 15,138,816 weights of the down-projections in 61 layers and 256 × 7168 of the routers in 58.
        const double Repeated = 7 * 2.0 * ((61 * 15_138_816L) + (58 * 1_835_008L));
        double hand = DeepSeekProducts + Repeated + Pairs(65_536.5) + (2.0 * 129_280 * 7168 / 131_072);

        Assert.Equal(413.3e9, hand, 0.1e9);
        AssertIs(hand, 8 * Work("deepseek-v3", 131_072, 8));
    }

    /// <summary>
    /// Queries by 1536 × 7168 and 24,576 × 1536, keys and values by 576 × 7168 and 128 × (128 + 128) × 512, output 7168 × 16,384:
    /// 187,105,280 weights in each of 61 layers. Three layers of 3 × 18,432 × 7168; 58 of eight experts and a shared one of
    /// 3 × 2048 × 7168 and a router of 256 × 7168.
    /// </summary>
    private const double DeepSeekProducts =
        2.0 * ((61 * 187_105_280L) + (3 * 396_361_728L) + (58 * ((9 * 44_040_192L) + 1_835_008)));

    /// <summary>61 layers of 128 heads: 128 + 64 elements of a score and 128 of a value, 2 each.</summary>
    private static double Pairs(double before) => 61 * 2 * 128 * (128 + 64 + 128) * before;

    private static double Work(string model, int tokens, int devices = 1) =>
        PrefillWork.FlopsPerToken(PlanExamples.Uniform(model, PlanExamples.Formats(), 3, tokens, devices));

    private static void AssertIs(double products, double work) =>
        Assert.InRange(work, products, products * (1 + Elementwise));
}
