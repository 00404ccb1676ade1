namespace GpuDecodeBench.Measurement.Statistics;

/// <summary>
/// The ratio of two medians with a 95 % confidence interval: how much slower (above 1) or faster (below 1) the first
/// configuration is than the second.
/// </summary>
/// <param name="Ratio">Median of the first over median of the second.</param>
/// <param name="Ci95Low">The lower end; null where either side has fewer than 6 samples.</param>
/// <param name="Ci95High">The upper end; null where either side has fewer than 6 samples.</param>
/// <param name="Seed">What the resampling was seeded with; the same samples and seed give the same interval.</param>
public sealed record RatioInterval(double Ratio, double? Ci95Low, double? Ci95High, int Seed)
{
    /// <summary>Resamplings behind an interval: the 2.5 % tails hold 100 of them each.</summary>
    public const int Resamplings = 4000;

    /// <summary>Whether the interval excludes 1, so that the two configurations differ; null where there is no interval.</summary>
    public bool? Differs => Ci95Low is null ? null : Ci95Low > 1 || Ci95High < 1;

    /// <summary>
    /// This ratio by another yardstick: one that makes <paramref name="plain"/> into <paramref name="by"/> makes this into the result.
    /// </summary>
    /// <param name="plain">A ratio as it is.</param>
    /// <param name="by">The same ratio by the other yardstick.</param>
    /// <returns>The ratio; with an interval where all three have one.</returns>
    public RatioInterval Beside(RatioInterval plain, RatioInterval by)
    {
        ArgumentNullException.ThrowIfNull(plain);
        ArgumentNullException.ThrowIfNull(by);
        return this with
        {
            Ratio = Ratio * by.Ratio / plain.Ratio,
            Ci95Low = Ci95Low * by.Ci95Low / plain.Ci95Low,
            Ci95High = Ci95High * by.Ci95High / plain.Ci95High,
        };
    }

    /// <summary>
    /// The percentile bootstrap of the ratio (B. Efron and R. J. Tibshirani, An Introduction to the Bootstrap, Chapman and Hall
    /// 1993, chapter 13): the two sets are resampled independently, each time the ratio of the medians is taken, and its 2.5 % and
    /// 97.5 % quantiles are the ends.
    /// </summary>
    /// <param name="numeratorSeconds">Samples of the first configuration; at least one.</param>
    /// <param name="denominatorSeconds">Samples of the second configuration; at least one, with a median above zero.</param>
    /// <param name="seed">Seeds the resampling.</param>
    /// <exception cref="ArgumentException">A set is empty, or the second's median is zero.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A sample is negative, infinite or not a number.</exception>
    public static RatioInterval Between(
        IReadOnlyCollection<double> numeratorSeconds,
        IReadOnlyCollection<double> denominatorSeconds,
        int seed = 1
    )
    {
        ArgumentNullException.ThrowIfNull(numeratorSeconds);
        ArgumentNullException.ThrowIfNull(denominatorSeconds);
        return Between(numeratorSeconds, numeratorSeconds.Count, denominatorSeconds, denominatorSeconds.Count, seed);
    }

    /// <summary>
    /// The same for samples that are neighbours in time: each set is resampled with as many draws as it is worth independent samples
    /// (<see cref="EffectiveSamples"/>), so that the interval is as wide as those allow. Where that is fewer than 6, as with samples
    /// that drift, the interval runs over the whole range of both sets: wider than needed, and enough to show what is plain.
    /// </summary>
    /// <param name="numeratorSeconds">Samples of the first configuration, in the order taken; at least one.</param>
    /// <param name="denominatorSeconds">Samples of the second configuration, in the order taken; at least one, with a median above zero.</param>
    /// <param name="seed">Seeds the resampling.</param>
    /// <returns>The ratio; without an interval where either set has fewer than 6 samples.</returns>
    /// <exception cref="ArgumentException">A set is empty, or the second's median is zero.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A sample is negative, infinite or not a number.</exception>
    public static RatioInterval BetweenSeries(
        IReadOnlyList<double> numeratorSeconds,
        IReadOnlyList<double> denominatorSeconds,
        int seed = 1
    )
    {
        int numeratorDraws = EffectiveSamples.Count(numeratorSeconds);
        int denominatorDraws = EffectiveSamples.Count(denominatorSeconds);
        RatioInterval interval = Between(numeratorSeconds, numeratorDraws, denominatorSeconds, denominatorDraws, seed);
        return
            interval.Ci95Low is null
            && Math.Min(numeratorSeconds.Count, denominatorSeconds.Count) >= MedianRanks.SmallestCount
            && denominatorSeconds.Min() > 0
            ? interval with
            {
                Ci95Low = numeratorSeconds.Min() / denominatorSeconds.Max(),
                Ci95High = numeratorSeconds.Max() / denominatorSeconds.Min(),
            }
            : interval;
    }

    private static RatioInterval Between(
        IReadOnlyCollection<double> numeratorSeconds,
        int numeratorDraws,
        IReadOnlyCollection<double> denominatorSeconds,
        int denominatorDraws,
        int seed
    )
    {
        double[] numerator = OrderStatistics.Sorted(numeratorSeconds, nameof(numeratorSeconds));
        double[] denominator = OrderStatistics.Sorted(denominatorSeconds, nameof(denominatorSeconds));
        double denominatorMedian = OrderStatistics.Median(denominator);
        if (denominatorMedian <= 0)
        {
            throw new ArgumentException("The median must be above zero to be divided by.", nameof(denominatorSeconds));
        }

        double ratio = OrderStatistics.Median(numerator) / denominatorMedian;
        if (Math.Min(numeratorDraws, denominatorDraws) < MedianRanks.SmallestCount)
        {
            return new RatioInterval(ratio, null, null, seed);
        }

        var resampler = new MedianResampler(seed);
        double[] ratios = new double[Resamplings];
        for (int i = 0; i < ratios.Length; i++)
        {
            ratios[i] = resampler.Next(numerator, numeratorDraws) / resampler.Next(denominator, denominatorDraws);
        }

        Array.Sort(ratios);
        return new RatioInterval(
            ratio,
            OrderStatistics.Quantile(ratios, 0.025),
            OrderStatistics.Quantile(ratios, 0.975),
            seed
        );
    }
}
