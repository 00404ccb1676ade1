using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>
/// Chooses experts for one token. In double precision: there are a few hundred scores, and two that nearly tie must not be
/// swapped by rounding.
/// </summary>
internal static class ExpertRouter
{
    /// <summary>Writes the chosen experts' numbers, best first, and then their weights.</summary>
    /// <param name="shape">The experts.</param>
    /// <param name="logits">A logit for each expert.</param>
    /// <param name="choiceBias">What is added to each score for the choice alone; empty where nothing is.</param>
    /// <param name="routing">Receives two values for each chosen expert.</param>
    public static void Choose(
        MixtureOfExperts shape,
        ReadOnlySpan<float> logits,
        ReadOnlySpan<float> choiceBias,
        Span<float> routing
    )
    {
        RouterShape router = shape.Router;
        Span<double> scores = stackalloc double[logits.Length];
        Span<double> choice = stackalloc double[logits.Length];
        Score(router.Scoring, logits, scores);
        scores.CopyTo(choice);
        for (int expert = 0; expert < choiceBias.Length; expert++)
        {
            choice[expert] += choiceBias[expert];
        }

        if (router.Groups > 1)
        {
            DropGroups(choice, choice.Length / router.Groups, router.GroupsPerToken);
        }

        int chosen = shape.ExpertsPerToken;
        double sum = 0;
        for (int slot = 0; slot < chosen; slot++)
        {
            int expert = TakeLargest(choice);
            routing[slot] = expert;
            sum += scores[expert];
        }

        double factor = router.WeightFactor / (router.NormalizeWeights ? sum : 1);
        for (int slot = 0; slot < chosen; slot++)
        {
            routing[chosen + slot] = (float)(scores[(int)routing[slot]] * factor);
        }
    }

    private static void Score(RouterScoring scoring, ReadOnlySpan<float> logits, Span<double> scores)
    {
        if (scoring == RouterScoring.Sigmoid)
        {
            for (int i = 0; i < logits.Length; i++)
            {
                scores[i] = 1 / (1 + Math.Exp(-(double)logits[i]));
            }

            return;
        }

        double largest = double.NegativeInfinity;
        foreach (float logit in logits)
        {
            largest = Math.Max(largest, logit);
        }

        double sum = 0;
        for (int i = 0; i < logits.Length; i++)
        {
            scores[i] = Math.Exp(logits[i] - largest);
            sum += scores[i];
        }

        for (int i = 0; i < scores.Length; i++)
        {
            scores[i] /= sum;
        }
    }

    /// <summary>Keeps the groups with the largest sums of two best scores.</summary>
    private static void DropGroups(Span<double> choice, int size, int kept)
    {
        Span<double> sums = stackalloc double[choice.Length / size];
        for (int group = 0; group < sums.Length; group++)
        {
            double best = double.NegativeInfinity;
            double second = double.NegativeInfinity;
            foreach (double score in choice.Slice(group * size, size))
            {
                second = Math.Max(second, Math.Min(best, score));
                best = Math.Max(best, score);
            }

            sums[group] = size == 1 ? best : best + second;
        }

        Span<bool> keep = stackalloc bool[sums.Length];
        keep.Clear();
        for (int i = 0; i < kept; i++)
        {
            keep[TakeLargest(sums)] = true;
        }

        for (int expert = 0; expert < choice.Length; expert++)
        {
            if (!keep[expert / size])
            {
                choice[expert] = double.NegativeInfinity;
            }
        }
    }

    /// <summary>The first place of the largest value, which is then out of the running.</summary>
    private static int TakeLargest(Span<double> values)
    {
        int best = 0;
        for (int i = 1; i < values.Length; i++)
        {
            if (values[i] > values[best])
            {
                best = i;
            }
        }

        values[best] = double.NegativeInfinity;
        return best;
    }
}
