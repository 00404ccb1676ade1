using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Tests.Plans;

/// <summary>What a plan refuses, and in which words: the argument, its value and what is accepted.</summary>
public class PlanRefusalTests
{
    [Theory]
    [InlineData(4096, true)]
    [InlineData(4097, false)]
    public void AContextIsAcceptedUpToTheModels(int context, bool accepted)
    {
        if (accepted)
        {
            Assert.Equal(context, PlanExamples.Uniform("tiny", PlanExamples.Formats(), 1, context).KvBlocks * 16);
            return;
        }

        AssertRefused(
            "context 4097 is not accepted for tiny; give 1 to 4096 tokens.",
            () => PlanExamples.Uniform("tiny", PlanExamples.Formats(), 1, context)
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-5)]
    public void AContextHoldsAtLeastTheNewToken(int context) =>
        AssertRefused(
            $"context {context} is not accepted for tiny; give 1 to 4096 tokens.",
            () => PlanExamples.Mixed("tiny", PlanExamples.Formats(), 16, context, 16)
        );

    [Theory]
    [InlineData(0)]
    [InlineData(8)]
    [InlineData(48)]
    [InlineData(128)]
    public void BlocksOfTheCacheHaveOneOfThreeSizes(int tokens) =>
        AssertRefused(
            $"KV blocks of {tokens} tokens are not accepted; give 16, 32, 64.",
            () =>
                DecodeStepPlan.Create(
                    ModelCatalogue.Find("tiny"),
                    StepConditions.Uniform(PlanExamples.Formats(), 1, 1) with
                    {
                        KvBlockTokens = tokens,
                    }
                )
        );

    [Fact]
    public void ABatchOfNoSequencesIsRefused() =>
        AssertRefused(
            "batch 0 is not accepted; give 1 to 65536.",
            () => PlanExamples.Mixed("tiny", PlanExamples.Formats())
        );

    [Fact]
    public void ABatchIsAcceptedUpTo65536()
    {
        Assert.Equal(65_536, PlanExamples.Uniform("tiny", PlanExamples.Formats(), 65_536, 1).Conditions.Batch);
        AssertRefused(
            "batch 65537 is not accepted; give 1 to 65536.",
            () => PlanExamples.Uniform("tiny", PlanExamples.Formats(), 65_537, 1)
        );
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(5)]
    public void LayersAreThoseOfTheModel(int layers) =>
        AssertRefused(
            $"layers {layers} is not accepted for tiny; give 1 to 4, or auto.",
            () => PlanExamples.Uniform("tiny", PlanExamples.Formats(), 1, 1, layers: layers)
        );

    [Theory]
    [InlineData("tiny", 0, "tensor-parallel degree 0 is not accepted; give 1 or more.")]
    [InlineData("tiny", -2, "tensor-parallel degree -2 is not accepted; give 1 or more.")]
    [InlineData(
        "llama-3.1-70b",
        3,
        "tensor-parallel degree 3 does not divide the 64 attention heads of llama-3.1-70b."
    )]
    [InlineData("qwen2.5-7b", 8, "tensor-parallel degree 8 does not divide the 28 attention heads of qwen2.5-7b.")]
    [InlineData(
        "mistral-nemo-12b",
        64,
        "tensor-parallel degree 64 does not divide the 32 attention heads of mistral-nemo-12b."
    )]
    public void ATensorParallelDegreeFitsTheHeads(string model, int degree, string sentence) =>
        AssertRefused(sentence, () => PlanExamples.Uniform(model, PlanExamples.Formats(), 1, 1, degree));

    [Fact]
    public void ATensorParallelDegreeFitsTheKvHeads() =>
        AssertRefused(
            "tensor-parallel degree 6 does not fit the 4 KV heads of odd; give a degree that divides them or that they divide.",
            () => Odd(heads: 12, kvHeads: 4, intermediate: 60, degree: 6)
        );

    [Fact]
    public void ATensorParallelDegreeDividesTheFeedForwardRows() =>
        AssertRefused(
            "tensor-parallel degree 4 does not divide the 62 feed-forward rows of odd.",
            () => Odd(heads: 8, kvHeads: 4, intermediate: 62, degree: 4)
        );

    [Fact]
    public void PartsOfALayerThatThisVersionDoesNotKnowAreNamed()
    {
        ModelShape tiny = ModelCatalogue.Find("tiny");
        AssertRefused(
            "tiny has an attention that this version cannot plan: StrangeAttention.",
            () =>
                Plan(
                    tiny with
                    {
                        Layers =
                        [
                            tiny.Layers[0] with
                            {
                                Attention = new StrangeAttention
                                {
                                    Heads = 1,
                                    Rope = new RopeShape { Theta = 10_000 },
                                },
                            },
                        ],
                    }
                )
        );
        AssertRefused(
            "tiny has a feed-forward part that this version cannot plan: StrangeFeedForward.",
            () => Plan(tiny with { Layers = [tiny.Layers[0] with { FeedForward = new StrangeFeedForward() }] })
        );
    }

    private static DecodeStepPlan Plan(ModelShape model) =>
        DecodeStepPlan.Create(model, StepConditions.Uniform(PlanExamples.Formats(), 1, 1));

    private static void Odd(int heads, int kvHeads, int intermediate, int degree)
    {
        var layer = new LayerShape(
            new GroupedQueryAttention
            {
                Rope = new RopeShape { Theta = 10_000 },
                Heads = heads,
                KvHeads = kvHeads,
                HeadDimension = 16,
            },
            new GatedFeedForward { IntermediateSize = intermediate }
        );
        ModelShape model = ModelCatalogue.Find("tiny") with { Name = "odd", Layers = [layer] };
        DecodeStepPlan.Create(model, StepConditions.Uniform(PlanExamples.Formats(), 1, 1, degree));
    }

    private static void AssertRefused(string sentence, Action action) =>
        Assert.Equal(sentence, Assert.Throws<InputException>(action).Message);

    private sealed record StrangeAttention : AttentionShape
    {
        public override int QueryDimension => 8;

        public override int ValueDimension => 8;

        public override KvLayout KvLayout(KvFormat format, int tensorParallel) => new(format, 1, 8);
    }

    private sealed record StrangeFeedForward : FeedForwardShape;
}
