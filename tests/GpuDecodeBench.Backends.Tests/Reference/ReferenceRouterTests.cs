using GpuDecodeBench.Backends.Reference;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Backends.Tests.Reference;

/// <summary>The choice of experts, against cases small enough to work out on paper.</summary>
public class ReferenceRouterTests
{
    private const double Exact = 1e-14;
    private static readonly double s_ln2 = Math.Log(2);

    [Fact]
    public void SoftmaxWeightsAreSharesOfAllExperts()
    {
        // e^logit: 1, 4, 1, 2 of 8.
        (int[] experts, double[] weights) = ReferenceRouter.Choose(
            Router(RouterScoring.Softmax, normalize: false),
            2,
            [0, 2 * s_ln2, 0, s_ln2],
            []
        );
        Assert.Equal([1, 3], experts);
        Assert.Equal(0.5, weights[0], Exact);
        Assert.Equal(0.25, weights[1], Exact);
    }

    [Fact]
    public void NormalisedSoftmaxWeightsAreTheSoftmaxOverTheChosen()
    {
        (int[] experts, double[] weights) = ReferenceRouter.Choose(
            Router(RouterScoring.Softmax, normalize: true) with
            {
                WeightFactor = 3,
            },
            2,
            [0, 2 * s_ln2, 0, s_ln2],
            []
        );
        Assert.Equal([1, 3], experts);
        Assert.Equal(2, weights[0], Exact);
        Assert.Equal(1, weights[1], Exact);
    }

    [Fact]
    public void TheLowerNumberWinsATie() =>
        Assert.Equal(
            [1, 0, 2],
            ReferenceRouter.Choose(Router(RouterScoring.Softmax, normalize: true), 3, [5, 6, 5, 5], []).Experts
        );

    [Fact]
    public void TheChoiceBiasChoosesButDoesNotWeigh()
    {
        // Scores 1/2, 2/3, 1/2; with the bias the first is chosen before the second.
        (int[] experts, double[] weights) = ReferenceRouter.Choose(
            Router(RouterScoring.Sigmoid, normalize: false),
            2,
            [0, s_ln2, 0],
            [1, 0, 0]
        );
        Assert.Equal([0, 1], experts);
        Assert.Equal(0.5, weights[0], Exact);
        Assert.Equal(2.0 / 3, weights[1], Exact);
    }

    [Fact]
    public void OnlyTheGroupsWithTheBestTwoExpertsMayBeChosenFrom()
    {
        // Groups of three; the first holds the best expert but a poor second, the second group's two best are better together.
        double[] logits = [4, -9, -9, 2, 2, 1, -9, -9, -9];
        RouterShape router = Router(RouterScoring.Sigmoid, normalize: true) with { Groups = 3, GroupsPerToken = 1 };
        Assert.Equal([3, 4, 5], ReferenceRouter.Choose(router, 3, logits, []).Experts);
        Assert.Equal([0, 3, 4], ReferenceRouter.Choose(router with { GroupsPerToken = 2 }, 3, logits, []).Experts);
    }

    private static RouterShape Router(RouterScoring scoring, bool normalize) =>
        new() { Scoring = scoring, NormalizeWeights = normalize };
}
