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
        double[] numerator = OrderStatistics.Sorted(numeratorSeconds, nameof(numeratorSeconds));
        double[] denominator = OrderStatistics.Sorted(denominatorSeconds, nameof(denominatorSeconds));
        double denominatorMedian = OrderStatistics.Median(denominator);
        if (denominatorMedian <= 0)
        {
            throw new ArgumentException("The median must be above zero to be divided by.", nameof(denominatorSeconds));
        }

        double ratio = OrderStatistics.Median(numerator) / denominatorMedian;
        if (Math.Min(numerator.Length, denominator.Length) < MedianRanks.SmallestCount)
        {
            return new RatioInterval(ratio, null, null, seed);
        }

        var resampler = new MedianResampler(seed);
        double[] ratios = new double[Resamplings];
        for (int i = 0; i < ratios.Length; i++)
        {
            ratios[i] = resampler.Next(numerator) / resampler.Next(denominator);
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
