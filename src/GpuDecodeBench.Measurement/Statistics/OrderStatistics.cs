namespace GpuDecodeBench.Measurement.Statistics;

/// <summary>Figures read off a sorted list of samples; shared by everything here that sorts.</summary>
internal static class OrderStatistics
{
    /// <summary>
    /// The quantile by linear interpolation between order statistics at position 1 + (n − 1)·p: type 7 of R. J. Hyndman
    /// and Y. Fan, "Sample quantiles in statistical packages", The American Statistician 50 (1996), the default of R, NumPy and Excel.
    /// </summary>
    /// <param name="sorted">The samples, ascending; at least one.</param>
    /// <param name="fraction">0 to 1.</param>
    public static double Quantile(ReadOnlySpan<double> sorted, double fraction)
    {
        double position = (sorted.Length - 1) * fraction;
        int below = (int)position;
        if (below + 1 >= sorted.Length)
        {
            return sorted[^1];
        }

        return sorted[below] + ((position - below) * (sorted[below + 1] - sorted[below]));
    }

    /// <summary>The middle sample, or the mean of the two middle ones.</summary>
    /// <param name="sorted">The samples, ascending; at least one.</param>
    public static double Median(ReadOnlySpan<double> sorted)
    {
        int middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>The median of values in any order; 0 of none.</summary>
    public static double MedianOf(IEnumerable<double> values)
    {
        double[] sorted = [.. values.Order()];
        return sorted.Length == 0 ? 0 : Median(sorted);
    }

    /// <summary>The median with its 95 % confidence interval by <see cref="MedianRanks"/>.</summary>
    /// <param name="sorted">The samples, ascending; at least one.</param>
    public static MedianEstimate Estimate(ReadOnlySpan<double> sorted)
    {
        (int Low, int High)? ranks = MedianRanks.For(sorted.Length);
        return new MedianEstimate(
            Median(sorted),
            ranks is null ? null : sorted[ranks.Value.Low - 1],
            ranks is null ? null : sorted[ranks.Value.High - 1],
            sorted.Length
        );
    }

    /// <summary>Refuses what cannot be a duration: a negative, an infinity or not a number.</summary>
    public static void RequireDuration(double seconds, string parameterName)
    {
        if (!double.IsFinite(seconds) || seconds < 0)
        {
            throw new ArgumentOutOfRangeException(
                parameterName,
                seconds,
                "A sample is a finite number of seconds, zero or more."
            );
        }
    }

    /// <summary>Copies and sorts the samples, each of which must be a duration.</summary>
    public static double[] Sorted(IReadOnlyCollection<double> samplesSeconds, string parameterName)
    {
        ArgumentNullException.ThrowIfNull(samplesSeconds, parameterName);
        double[] sorted = [.. samplesSeconds];
        if (sorted.Length == 0)
        {
            throw new ArgumentException("At least one sample is needed.", parameterName);
        }

        foreach (double seconds in sorted)
        {
            RequireDuration(seconds, parameterName);
        }

        Array.Sort(sorted);
        return sorted;
    }
}
