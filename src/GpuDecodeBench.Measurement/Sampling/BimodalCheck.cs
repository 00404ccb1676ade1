using System.Globalization;
using GpuDecodeBench.Measurement.Statistics;

namespace GpuDecodeBench.Measurement.Sampling;

/// <summary>
/// Finds samples that fall into two or more groups: clocks that switch, a neighbour that comes and goes. A median then says
/// which group is larger, not how long the step takes.
/// </summary>
/// <remarks>
/// <para>
/// The mvalue is the sum of the absolute differences between neighbouring bins of a histogram (with an empty bin before the first
/// and after the last), over the height of the highest bin: 2 for one mode, 4 for two equal ones. Source: B. Gregg, "Frequency
/// Trails: Modes and Modality", https://www.brendangregg.com/FrequencyTrails/modes.html.
/// </para>
/// <para>
/// Bins and threshold follow BenchmarkDotNet (Perfolizer's <c>MValueCalculator</c>, <c>MultimodalDistributionAnalyzer</c>): samples
/// outside Tukey's fences (1.5 interquartile ranges) are left out; bins start at ¾ of the width of D. W. Scott, "On optimal and
/// data-based histograms", Biometrika 66 (1979), 3.49·σ·n^(−1/3), and double until they exceed the range, the largest mvalue
/// counting; above 3.2 is bimodal; at least 15 samples. It differs in that bins are equally wide, tried in four placements, and
/// that none is narrower than 1 % of the median (there 2 % of the value), so that a timer's resolution makes no modes.
/// </para>
/// <para>
/// As with the original, the smaller group must hold about three eighths of the samples to be called a mode: two clean groups of
/// shares a and 1 − a give 2 + 2a/(1 − a). Smaller groups show in the 95th percentile and in the standard deviation.
/// </para>
/// </remarks>
public static class BimodalCheck
{
    /// <summary>The warning's code.</summary>
    public const string Code = "bimodal";

    /// <summary>An mvalue above this is a warning.</summary>
    public const double Threshold = 3.2;

    /// <summary>The fewest samples that are judged.</summary>
    public const int SmallestCount = 15;

    private const double SmallestRelativeBinWidth = 0.01;

    /// <summary>A mode that an edge of two bins happens to cut looks half as high; in one of these placements none does.</summary>
    private const int BinPlacements = 4;

    /// <summary>Judges a point's samples.</summary>
    /// <param name="samplesSeconds">The samples in any order.</param>
    /// <returns>The warning; null where there is one mode, or the samples are fewer than <see cref="SmallestCount"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A sample is negative, infinite or not a number.</exception>
    public static SampleWarning? Check(IReadOnlyList<double> samplesSeconds)
    {
        ArgumentNullException.ThrowIfNull(samplesSeconds);
        if (samplesSeconds.Count < SmallestCount)
        {
            return null;
        }

        double mvalue = MValue(samplesSeconds);
        return mvalue > Threshold
            ? new SampleWarning(
                Code,
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"The samples fall into more than one group (mvalue {mvalue:0.0}, one group is about 2), so the median describes none of them well."
                )
            )
            : null;
    }

    /// <summary>The mvalue, 2 or more, without a unit.</summary>
    /// <param name="samplesSeconds">The samples in any order; at least one.</param>
    /// <exception cref="ArgumentException">There is no sample.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A sample is negative, infinite or not a number.</exception>
    public static double MValue(IReadOnlyList<double> samplesSeconds)
    {
        double[] all = OrderStatistics.Sorted(samplesSeconds, nameof(samplesSeconds));
        ReadOnlySpan<double> sorted = WithinTukeyFences(all);
        double range = sorted[^1] - sorted[0];
        double smallestWidth = SmallestRelativeBinWidth * OrderStatistics.Median(sorted);
        double width = Math.Max(0.75 * ScottBinWidth(sorted), smallestWidth);
        double largest = 2;
        for (; width > 0 && width <= range; width *= 2)
        {
            for (int shift = 0; shift < BinPlacements; shift++)
            {
                double start = sorted[0] - (width * shift / BinPlacements);
                largest = Math.Max(largest, MValue(Histogram(sorted, start, width)));
            }
        }

        return largest;
    }

    private static ReadOnlySpan<double> WithinTukeyFences(double[] sorted)
    {
        double lowerQuartile = OrderStatistics.Quantile(sorted, 0.25);
        double upperQuartile = OrderStatistics.Quantile(sorted, 0.75);
        double fence = 1.5 * (upperQuartile - lowerQuartile);
        int first = Array.FindIndex(sorted, seconds => seconds >= lowerQuartile - fence);
        int last = Array.FindLastIndex(sorted, seconds => seconds <= upperQuartile + fence);
        return sorted.AsSpan(first, last - first + 1);
    }

    private static double ScottBinWidth(ReadOnlySpan<double> sorted) =>
        sorted.Length < 2
            ? 0
            : 3.49 * (new SampleStatistics(sorted.ToArray()).StandardDeviationSeconds ?? 0) / Math.Cbrt(sorted.Length);

    private static int[] Histogram(ReadOnlySpan<double> sorted, double start, double width)
    {
        int[] counts = new int[(int)((sorted[^1] - start) / width) + 1];
        foreach (double seconds in sorted)
        {
            counts[(int)((seconds - start) / width)]++;
        }

        return counts;
    }

    private static double MValue(ReadOnlySpan<int> counts)
    {
        int previous = 0;
        int highest = 0;
        long differences = 0;
        foreach (int count in counts)
        {
            differences += Math.Abs(count - previous);
            highest = Math.Max(highest, count);
            previous = count;
        }

        return (differences + previous) / (double)highest;
    }
}
