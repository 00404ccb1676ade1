namespace GpuDecodeBench.Measurement.Statistics;

/// <summary>A place in a series from which on its values are of another size.</summary>
/// <param name="Index">The first value after the change.</param>
/// <param name="PValue">How often values in random order would show as much: at most 0.05.</param>
/// <remarks>
/// <para>
/// Circular binary segmentation (A. B. Olshen, E. S. Venkatraman and others, "Circular binary segmentation for the analysis of
/// array-based DNA copy number data", Biostatistics 5 (2004)), on ranks: of all stretches the one whose ranks differ most from the
/// rest's, max |Σ(rᵢ − (n + 1)/2)| / √(k (n − k)) over its k values. So a change that is taken back is found as well as one that stays, and
/// an outlier, however far out, is one rank among n.
/// </para>
/// <para>
/// Whether it is more than chance is judged by shuffling the series, seeded, which is exact for short ones too. Further changes are
/// looked for in the pieces, at half the level. Ranks find the place to a value or two; it is then moved to where the values lie
/// nearest to the medians on either side.
/// </para>
/// </remarks>
public sealed record ChangePoint(int Index, double PValue)
{
    /// <summary>
    /// The fewest values in which a change can be shown. Of 10 in two clean groups of 5 there are 6 stretches that chance can separate
    /// in 2·5!·5! orders each: 6·0.8 % = 4.8 %. Of 9 in 4 and 5 there are more than 5 %.
    /// </summary>
    public const int SmallestCount = 10;

    private const int MostShuffles = 4000;
    private const int FewestShuffles = 400;

    /// <summary>Long series are shuffled less often: each time costs n² / 2 additions.</summary>
    private const double MostAdditions = 1e8;

    private const double Level = 0.05;

    /// <summary>How far a cut is moved, in values.</summary>
    private const int Reach = 2;

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
        int count = values.Length;
        if (count < SmallestCount)
        {
            return;
        }

        double[] ranks = Ranks(values);
        (int from, int to, double statistic) = Largest(ranks);
        int shuffles = (int)Math.Clamp(MostAdditions / count / count * 2, FewestShuffles, MostShuffles);
        int asLarge = 0;
        for (int i = 0; i < shuffles; i++)
        {
            random.Shuffle(ranks);
            // Equal stretches differ by rounding alone.
            asLarge += Largest(ranks).Statistic >= statistic * (1 - 1e-9) ? 1 : 0;
        }

        // The series itself is one of the orders that chance could have given.
        double pValue = (asLarge + 1.0) / (shuffles + 1);
        if (pValue > level)
        {
            return;
        }

        int[] cuts = Refine(values, [.. new[] { from, to }.Where(cut => cut > 0 && cut < count)]);
        found.AddRange(cuts.Select(cut => new ChangePoint(offset + cut, pValue)));
        int[] ends = [.. cuts, count];
        int start = 0;
        foreach (int end in ends)
        {
            Search(values[start..end], offset + start, level / 2, random, found);
            start = end;
        }
    }

    /// <summary>Moves each cut by a little to where the sum of the distances from the pieces' medians is least.</summary>
    private static int[] Refine(double[] values, int[] cuts)
    {
        for (int i = 0; i < cuts.Length; i++)
        {
            int start = i == 0 ? 0 : cuts[i - 1];
            int end = i + 1 < cuts.Length ? cuts[i + 1] : values.Length;
            int first = Math.Max(start + 1, cuts[i] - Reach);
            int last = Math.Min(end - 1, cuts[i] + Reach);
            cuts[i] = Enumerable
                .Range(first, last - first + 1)
                .MinBy(cut => Distances(values[start..cut]) + Distances(values[cut..end]));
        }

        return cuts;
    }

    private static double Distances(double[] values)
    {
        double median = OrderStatistics.MedianOf(values);
        return values.Sum(value => Math.Abs(value - median));
    }

    /// <summary>The stretch with the largest statistic, from its first value to behind its last.</summary>
    private static (int From, int To, double Statistic) Largest(double[] ranks)
    {
        int count = ranks.Length;
        Span<double> sums = count < 256 ? stackalloc double[count + 1] : new double[count + 1];
        sums[0] = 0;
        for (int i = 0; i < count; i++)
        {
            sums[i + 1] = sums[i] + ranks[i] - ((count + 1) / 2.0);
        }

        (int from, int to, double largest) = (0, 0, -1);
        for (int length = 1; length < count; length++)
        {
            double scale = 1 / Math.Sqrt((double)length * (count - length));
            for (int i = 0; i + length <= count; i++)
            {
                double statistic = Math.Abs(sums[i + length] - sums[i]) * scale;
                if (statistic > largest + 1e-12)
                {
                    (from, to, largest) = (i, i + length, statistic);
                }
            }
        }

        return (from, to, largest);
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
