using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Workload.Tests.Models;

/// <summary>phi3, and the LongRoPE scaling that it brought: what follows from keys that are there, and from keys that are not.</summary>
public class PhiConfigTests
{
    private const string Lists = "\"short_factor\": [1, 1.5, 2, 2.5], \"long_factor\": [1, 2, 3, 4.5]";

    private static readonly (string Key, string? Json)[] s_small = [("model_type", "\"phi3\""), ("head_dim", "16")];

    [Fact]
    public void Phi3DefaultsAreThoseOfTransformers()
    {
        ModelShape model = TestConfigs.ReadWith(("model_type", "\"phi3\""), ("num_key_value_heads", null));
        Assert.False(model.TieEmbeddings);
        Assert.Equal(
            new GroupedQueryAttention
            {
                Heads = 8,
                KvHeads = 8,
                HeadDimension = 32,
                Rope = new RopeShape { Theta = 10_000 },
            },
            model.Layers[0].Attention
        );
        Assert.Equal(new GatedFeedForward { IntermediateSize = 704 }, model.Layers[0].FeedForward);
    }

    [Theory]
    [InlineData("0.75", 12)]
    [InlineData("0.5", 8)]
    [InlineData("1.0", null)]
    public void APartOfAHeadIsRotated(string part, int? expected)
    {
        Assert.Equal(expected, Rope(("partial_rotary_factor", part)).RotatedDimensions);
        Assert.Equal(
            expected,
            Rope(
                ("rope_parameters", $$"""{"rope_type": "default", "partial_rotary_factor": {{part}}}""")
            ).RotatedDimensions
        );
    }

    [Fact]
    public void ThePartIsRoundedDownAsInTransformers() =>
        Assert.Equal(4, Rope(("partial_rotary_factor", "0.3")).RotatedDimensions);

    [Theory]
    [InlineData("longrope")]
    [InlineData("su")]
    [InlineData("yarn")]
    public void LongRopeIsReadUnderItsThreeNames(string name)
    {
        RopeShape rope = Rope(
            ("partial_rotary_factor", "0.5"),
            ("max_position_embeddings", "131072"),
            ("original_max_position_embeddings", "4096"),
            ("rope_scaling", $$"""{"type": "{{name}}", {{Lists}}}""")
        );
        Assert.Equal(RopeScalingKind.LongRope, rope.Scaling);
        Assert.Equal(32, rope.Factor);
        Assert.Equal(4096, rope.OriginalMaxContextTokens);
        Assert.Equal([1, 1.5, 2, 2.5], rope.ShortFactors.AsEnumerable());
        Assert.Equal([1, 2, 3, 4.5], rope.LongFactors.AsEnumerable());

        // √(1 + ln 32 / ln 4096) = √(1 + 5 / 12)
        Assert.Equal(Math.Sqrt(17.0 / 12), rope.Magnitude, 1e-15);
    }

    [Fact]
    public void TheOriginalContextIs4096AndTheMagnitudeOneWhereTheContextIsNoLonger()
    {
        RopeShape rope = Rope(
            ("partial_rotary_factor", "0.5"),
            ("rope_scaling", $$"""{"type": "longrope", {{Lists}}}""")
        );
        Assert.Equal(4096, rope.OriginalMaxContextTokens);
        Assert.Equal(1, rope.Magnitude);
    }

    [Fact]
    public void FactorAndAttentionFactorGoBeforeWhatIsDerived()
    {
        RopeShape rope = Rope(
            ("partial_rotary_factor", "0.5"),
            ("rope_scaling", $$"""{"type": "longrope", "factor": 16, "attention_factor": 1.25, {{Lists}}}""")
        );
        Assert.Equal(16, rope.Factor);
        Assert.Equal(1.25, rope.Magnitude);
    }

    [Fact]
    public void Phi3sWindowHoldsForAllLayers()
    {
        ModelShape model = ModelCatalogue.Find("phi-3-mini-4k");
        Assert.All(model.Layers, layer => Assert.Equal(2047, layer.Attention.Window));
    }

    [Theory]
    [InlineData(
        """{"type": "longrope", "short_factor": [1, 1, 1, 1]}""",
        "rope_scaling.long_factor is missing; it must be an array of 4 numbers"
    )]
    [InlineData(
        """{"type": "longrope", "short_factor": [1], "long_factor": [1]}""",
        "rope_scaling.short_factor is an array of 1, but must be an array of 4 numbers"
    )]
    [InlineData(
        """{"type": "longrope", "short_factor": [1, 0, 1, 1], "long_factor": [1, 1, 1, 1]}""",
        "rope_scaling.short_factor[1] is 0, but must be a number from 1E-06"
    )]
    [InlineData(
        """{"type": "longrope", "short_factor": [1, 1, 1, "1"], "long_factor": [1, 1, 1, 1]}""",
        "rope_scaling.short_factor[3] is \"1\""
    )]
    [InlineData(
        """{"type": "longrope", "short_factor": 7, "long_factor": [1, 1, 1, 1]}""",
        "rope_scaling.short_factor is 7"
    )]
    [InlineData(
        """{"type": "linear", "factor": 4}""",
        "rope_scaling.rope_type is \"linear\", but must be \"default\" or \"longrope\""
    )]
    [InlineData(
        """{"type": "longrope", "original_max_position_embeddings": 1024}""",
        "rope_scaling.original_max_position_embeddings is 1024, but must be 2048 as original_max_position_embeddings beside it is"
    )]
    public void AFaultyScalingIsNamed(string json, string expected) =>
        Assert.Contains(
            expected,
            TestConfigs.RefusalWith(
                TestConfigs.Over(
                    s_small,
                    ("partial_rotary_factor", "0.5"),
                    ("original_max_position_embeddings", "2048"),
                    ("rope_scaling", json)
                )
            ),
            StringComparison.Ordinal
        );

    [Theory]
    [InlineData("0.05", "a part of the head dimension, 16, that is an even number of elements")]
    [InlineData("0.45", "an even number of elements")]
    [InlineData("0", "an even number of elements")]
    [InlineData("1.5", "a number from 0 to 1")]
    public void APartThatCannotBeRotatedIsRefused(string part, string expected)
    {
        string message = TestConfigs.RefusalWith(TestConfigs.Over(s_small, ("partial_rotary_factor", part)));
        Assert.Contains(
            $"partial_rotary_factor is {part}, but must be {expected}"[..30],
            message,
            StringComparison.Ordinal
        );
        Assert.Contains(expected, message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnOriginalContextOfOneTokenIsRefused() =>
        Assert.Contains(
            "original_max_position_embeddings is 1, but must be at least 2",
            TestConfigs.RefusalWith(
                TestConfigs.Over(
                    s_small,
                    ("original_max_position_embeddings", "1"),
                    ("rope_scaling", $$"""{"type": "longrope", {{Lists}}}""")
                )
            ),
            StringComparison.Ordinal
        );

    private static RopeShape Rope(params (string Key, string? Json)[] changes) =>
        TestConfigs.ReadWith(TestConfigs.Over(s_small, changes)).Layers[0].Attention.Rope;
}
