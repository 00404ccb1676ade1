using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Workload.Tests.Models;

/// <summary>The YaRN scaling, which any architecture may ask for.</summary>
public class YarnConfigTests
{
    [Theory]
    [InlineData("qwen2")]
    [InlineData("qwen3")]
    [InlineData("llama")]
    [InlineData("mistral")]
    public void QwensRecipeForLongContextsIsRead(string modelType)
    {
        RopeShape rope = Rope(
            modelType,
            """{"type": "yarn", "factor": 4.0, "original_max_position_embeddings": 32768}"""
        );
        Assert.Equal(
            new RopeShape
            {
                Theta = 1_000_000,
                Scaling = RopeScalingKind.Yarn,
                Factor = 4,
                Magnitude = (0.1 * Math.Log(4)) + 1,
                OriginalMaxContextTokens = 32_768,
            },
            rope
        );
    }

    [Fact]
    public void EveryKeyIsRead()
    {
        RopeShape rope = Rope(
            "llama",
            """
            {"rope_type": "yarn", "factor": 8, "beta_fast": 16, "beta_slow": 2.5, "truncate": false, "attention_factor": 1.5,
             "mscale": 2, "mscale_all_dim": 1}
            """
        );
        Assert.Equal(16, rope.FastRotations);
        Assert.Equal(2.5, rope.SlowRotations);
        Assert.False(rope.WholeRampEnds);
        Assert.Equal(1.5, rope.Magnitude);
        Assert.Equal(4096, rope.OriginalMaxContextTokens);
    }

    [Theory]
    [InlineData("1.0", 1)]
    [InlineData("0.5", 1)]
    [InlineData("32", 1.3465735902799727)]
    public void TheMagnitudeFollowsTheFactor(string factor, double expected) =>
        Assert.Equal(expected, Rope("llama", $$"""{"type": "yarn", "factor": {{factor}}}""").Magnitude, 1e-15);

    [Theory]
    [InlineData("""{"type": "yarn"}""", "rope_scaling.factor is missing")]
    [InlineData(
        """{"type": "yarn", "factor": 4, "beta_fast": 1, "beta_slow": 2}""",
        "rope_scaling.beta_fast is 1, but must be at least beta_slow, which is 2"
    )]
    [InlineData(
        """{"type": "yarn", "factor": 4, "truncate": 0}""",
        "rope_scaling.truncate is 0, but must be true or false"
    )]
    [InlineData(
        """{"type": "yarn", "factor": 4, "mscale_all_dim": -1}""",
        "rope_scaling.mscale_all_dim is -1, but must be a number from 0"
    )]
    [InlineData("""{"type": "yarn", "factor": 4, "attention_factor": 0}""", "rope_scaling.attention_factor is 0")]
    [InlineData("""{"type": "yarn", "factor": 4, "rope_theta": 1}""", "rope_theta is given twice")]
    public void AFaultIsNamed(string json, string expected) =>
        Assert.Contains(
            expected,
            TestConfigs.RefusalWith(("rope_theta", "1000000"), ("rope_scaling", json)),
            StringComparison.Ordinal
        );

    [Fact]
    public void ABaseOfOneHasNoRamp() =>
        Assert.Contains(
            "rope_theta is 1, but must be above 1 with the scaling \"yarn\"",
            TestConfigs.RefusalWith(("rope_theta", "1"), ("rope_scaling", """{"type": "yarn", "factor": 4}""")),
            StringComparison.Ordinal
        );

    private static RopeShape Rope(string modelType, string json) =>
        TestConfigs
            .ReadWith(
                ("model_type", $"\"{modelType}\""),
                ("num_key_value_heads", "2"),
                ("rope_theta", "1000000"),
                ("rope_scaling", json)
            )
            .Layers[0]
            .Attention.Rope;
}
