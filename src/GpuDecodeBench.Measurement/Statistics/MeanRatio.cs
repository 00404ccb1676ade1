namespace GpuDecodeBench.Measurement.Statistics;

/// <summary>
/// The interval of the ratio of two mean steps, each of one run. A mean holds slow steps that a median does not see, and they are few, so it
/// is known less well than the median.
/// </summary>
/// <remarks>
/// The logarithm of a mean has about the variance s² / (n m²), with n the independent samples that a series is worth
/// (<see cref="EffectiveSamples.CountForMean"/>), m its mean and s its deviation; the interval of the difference of two is
/// B. L. Welch's, "The generalization of Student's problem when several different population variances are involved", Biometrika 34 (1947).
/// </remarks>
public static class MeanRatio
{
    /// <summary>The interval around a ratio of means.</summary>
    /// <param name="ratio">The mean step of the first configuration over that of the second.</param>
    /// <param name="numeratorSeconds">Samples of the first configuration, in the order taken.</param>
    /// <param name="denominatorSeconds">Samples of the second configuration, in the order taken.</param>
    /// <returns>The ratio; without an interval where either set is worth fewer than 6 independent samples.</returns>
    public static RatioInterval Around(
        double ratio,
        IReadOnlyList<double> numeratorSeconds,
        IReadOnlyList<double> denominatorSeconds
    )
    {
        ArgumentNullException.ThrowIfNull(numeratorSeconds);
        ArgumentNullException.ThrowIfNull(denominatorSeconds);
        if (
            Logarithm(numeratorSeconds) is not (double first, int firstCount)
            || Logarithm(denominatorSeconds) is not (double second, int secondCount)
        )
        {
            return new RatioInterval(ratio, null, null, 0);
        }

        double variance = first + second;
        double spread = (first * first / (firstCount - 1)) + (second * second / (secondCount - 1));
        double degrees = spread > 0 ? variance * variance / spread : firstCount + secondCount - 2;
        double half = StudentT.Quantile975(degrees) * Math.Sqrt(variance);
        return new RatioInterval(ratio, ratio * Math.Exp(-half), ratio * Math.Exp(half), 0);
    }

    /// <summary>The variance of the logarithm of a series' mean, and the samples that it is worth; null where these are too few.</summary>
    private static (double Variance, int Count)? Logarithm(IReadOnlyList<double> samples)
    {
        if (samples.Count < MedianRanks.SmallestCount)
        {
            return null;
        }

        int count = EffectiveSamples.CountForMean(samples);
        var statistics = new SampleStatistics(samples);
        double deviation = (statistics.StandardDeviationSeconds ?? 0) / statistics.MeanSeconds;
        return count < MedianRanks.SmallestCount || !double.IsFinite(deviation)
            ? null
            : (deviation * deviation / count, count);
    }
}
