namespace GpuDecodeBench.Measurement.Statistics;

/// <summary>A place in a series from which on its values are of another size.</summary>
/// <param name="Index">The first value after the change.</param>
/// <param name="PValue">How often values in random order would show as much: at most 0.05.</param>
/// <remarks>
/// A. N. Pettitt, "A non-parametric approach to the change-point problem", Applied Statistics 28 (1979): the place where the ranks
/// before differ most from those after, max |2 Σ(i ≤ t) rᵢ − t (n + 1)|. It looks at ranks alone, so an outlier moves it by one rank.
/// Pettitt's formula for the probability is an approximation for long series; here the values are shuffled
/// <see cref="Shuffles"/> times, seeded, which is exact for short ones too. Further changes are looked for on either side of one
/// that was found (binary segmentation: A. J. Scott and M. Knott, Biometrics 30 (1974)), at half the level each time.
/// </remarks>
public sealed record ChangePoint(int Index, double PValue)
{
    /// <summary>The fewest values in which a change can be shown: of 8 in two clean groups of 4, chance gives 2·4!·4!/8! = 2.9 %; of 6, 10 %.</summary>
    public const int SmallestCount = 8;

    /// <summary>Random orders that the series is compared with.</summary>
    public const int Shuffles = 4000;

    private const double Level = 0.05;

    /// <summary>All changes of a series, in its order.</summary>
    /// <param name="values">The values in the order of time.</param>
    /// <param name="seed">Seeds the shuffling.</param>
    public static IReadOnlyList<ChangePoint> All(IReadOnlyList<double> values, int seed = 1)
    {
        ArgumentNullException.ThrowIfNull(values);
        var found = new List<ChangePoint>();
        Search([.. values], 0, Level, new Random(seed), found);
        return [.. found.OrderBy(change => change.Index)];
    }

    private static void Search(double[] values, int offset, double level, Random random, List<ChangePoint> found)
    {
        if (values.Length < SmallestCount)
        {
            return;
        }

        double[] ranks = Ranks(values);
        (int split, double statistic) = Largest(ranks);
        int asLarge = 0;
        for (int i = 0; i < Shuffles; i++)
        {
            random.Shuffle(ranks);
            asLarge += Largest(ranks).Statistic >= statistic ? 1 : 0;
        }

        // The series itself is one of the orders that chance could have given.
        double pValue = (asLarge + 1.0) / (Shuffles + 1);
        if (pValue > level)
        {
            return;
        }

        found.Add(new ChangePoint(offset + split, pValue));
        Search(values[..split], offset, level / 2, random, found);
        Search(values[split..], offset + split, level / 2, random, found);
    }

    /// <summary>The split with the largest statistic: how many values are before it.</summary>
    private static (int Split, double Statistic) Largest(double[] ranks)
    {
        double sum = 0;
        int split = 1;
        double largest = -1;
        for (int t = 1; t < ranks.Length; t++)
        {
            sum += ranks[t - 1];
            double statistic = Math.Abs((2 * sum) - (t * (ranks.Length + 1.0)));
            if (statistic > largest)
            {
                (split, largest) = (t, statistic);
            }
        }

        return (split, largest);
    }

    /// <summary>Ranks from 1; equal values share the mean of theirs.</summary>
    private static double[] Ranks(double[] values)
    {
        double[] sorted = [.. values.Order()];
        return
        [
            .. values.Select(value =>
            {
                int first = Array.IndexOf(sorted, value);
                int last = Array.LastIndexOf(sorted, value);
                return 1 + ((first + last) / 2.0);
            }),
        ];
    }
}
