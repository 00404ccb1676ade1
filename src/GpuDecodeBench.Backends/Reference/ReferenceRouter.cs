using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Backends.Reference;

/// <summary>The choice of experts in double precision (arXiv 2401.04088 for softmax, 2412.19437 for sigmoid with groups).</summary>
public static class ReferenceRouter
{
    /// <summary>The experts that a token chooses, best first, and their weights.</summary>
    /// <param name="router">How they are chosen.</param>
    /// <param name="chosen">Experts to choose.</param>
    /// <param name="logits">A logit for each expert.</param>
    /// <param name="choiceBias">What is added to each score for the choice alone; empty where nothing is.</param>
    public static (int[] Experts, double[] Weights) Choose(
        RouterShape router,
        int chosen,
        ReadOnlySpan<double> logits,
        ReadOnlySpan<double> choiceBias
    )
    {
        ArgumentNullException.ThrowIfNull(router);
        double[] scores = Scores(router.Scoring, logits);
        var choice = new double[scores.Length];
        for (int expert = 0; expert < choice.Length; expert++)
        {
            choice[expert] = scores[expert] + (choiceBias.IsEmpty ? 0 : choiceBias[expert]);
        }

        if (router.Groups > 1)
        {
            KeepBestGroups(router, choice);
        }

        int[] experts = Best(choice, chosen);
        double[] weights = [.. experts.Select(expert => scores[expert])];
        double divisor = router.NormalizeWeights ? weights.Sum() : 1;
        return (experts, [.. weights.Select(weight => weight / divisor * router.WeightFactor)]);
    }

    private static double[] Scores(RouterScoring scoring, ReadOnlySpan<double> logits)
    {
        double[] scores = logits.ToArray();
        if (scoring == RouterScoring.Sigmoid)
        {
            return [.. scores.Select(logit => 1 / (1 + Math.Exp(-logit)))];
        }

        double largest = scores.Max();
        double sum = scores.Sum(logit => Math.Exp(logit - largest));
        return [.. scores.Select(logit => Math.Exp(logit - largest) / sum)];
    }

    /// <summary>Rules out the experts of all groups but those with the largest sums of their two best scores.</summary>
    private static void KeepBestGroups(RouterShape router, double[] choice)
    {
        int size = choice.Length / router.Groups;
        var groupScores = new double[router.Groups];
        for (int group = 0; group < router.Groups; group++)
        {
            groupScores[group] = choice.Skip(group * size).Take(size).OrderDescending().Take(2).Sum();
        }

        int[] kept = Best(groupScores, router.GroupsPerToken);
        for (int expert = 0; expert < choice.Length; expert++)
        {
            if (!kept.Contains(expert / size))
            {
                choice[expert] = double.NegativeInfinity;
            }
        }
    }

    /// <summary>The places of the largest values, best first; of equal ones the lower place.</summary>
    private static int[] Best(double[] values, int count) =>
        [
            .. Enumerable
                .Range(0, values.Length)
                .OrderByDescending(place => values[place])
                .ThenBy(place => place)
                .Take(count),
        ];
}
