namespace GpuDecodeBench.Measurement.Statistics;

/// <summary>
/// Which order statistics enclose the median with at least 95 % confidence, whatever the distribution.
/// </summary>
/// <remarks>
/// Of n independent samples, the number below the true median is binomial (n, ½), so the interval from the r-th
/// smallest to the r-th largest sample misses the median with probability 2·P(Bin(n, ½) ≤ r − 1). The interval takes
/// the largest r for which that is at most 5 %. Source: H. A. David and H. N. Nagaraja, Order Statistics, 3rd edition
/// (Wiley 2003), section 7.1; W. J. Conover, Practical Nonparametric Statistics, 3rd edition (Wiley 1999), section 3.2.
/// </remarks>
public static class MedianRanks
{
    /// <summary>The fewest samples for which such an interval exists: 2·2⁻⁵ = 6.25 % misses, 2·2⁻⁶ = 3.1 % does not.</summary>
    public const int SmallestCount = 6;

    /// <summary>The largest count for which the ranks are exact; 2⁻ⁿ is still a normal double there.</summary>
    public const int LargestExactCount = 1000;

    private const double OneSidedError = 0.025;

    /// <summary>The standard normal distribution's 97.5 % quantile.</summary>
    private const double NormalQuantile = 1.959963984540054;

    /// <summary>
    /// The ranks, counted from 1, of the samples that bound the interval; null below <see cref="SmallestCount"/>.
    /// Exact up to <see cref="LargestExactCount"/>; above, the normal approximation with continuity correction,
    /// which is at most one rank wider on either side.
    /// </summary>
    /// <param name="count">Samples taken.</param>
    /// <exception cref="ArgumentOutOfRangeException">The count is negative.</exception>
    public static (int Low, int High)? For(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        if (count < SmallestCount)
        {
            return null;
        }

        int low = count <= LargestExactCount ? ExactLowRank(count) : ApproximateLowRank(count);
        return (low, count + 1 - low);
    }

    private static int ExactLowRank(int count)
    {
        // The terms follow from one another: C(n, k + 1) = C(n, k)·(n − k)/(k + 1).
        double term = Math.Pow(2, -count);
        double cumulative = term;
        int rank = 0;
        while (cumulative <= OneSidedError)
        {
            term *= (double)(count - rank) / (rank + 1);
            cumulative += term;
            rank++;
        }

        return rank;
    }

    // P(Bin ≤ r − 1) ≈ Φ((r − ½ − n/2) / (√n/2)) ≤ 2.5 %, solved for r.
    private static int ApproximateLowRank(int count) =>
        (int)Math.Floor((count / 2.0) + 0.5 - (NormalQuantile * Math.Sqrt(count) / 2.0));
}
