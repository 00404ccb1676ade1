using System.Globalization;
using GpuDecodeBench.Measurement.Statistics;

namespace GpuDecodeBench.Measurement.Sampling;

/// <summary>
/// Finds a trend along the samples: a device that warms up, throttles, or was not warm when sampling began.
/// </summary>
/// <remarks>
/// Compares the median of the first third with that of the last. A drift is one that chance does not explain (their 95 %
/// intervals do not touch: for independent samples, below 1 % of the time) and that matters (beyond <see cref="SmallestRelativeChange"/>).
/// </remarks>
public static class DriftCheck
{
    /// <summary>The warning's code.</summary>
    public const string Code = "drifting";

    /// <summary>A change below this fraction is never called a drift: with many samples, intervals become narrower than what matters.</summary>
    public const double SmallestRelativeChange = 0.005;

    /// <summary>The fewest samples that can be judged: each third needs an interval of its own.</summary>
    public const int SmallestCount = 3 * MedianRanks.SmallestCount;

    /// <summary>Judges a point's samples.</summary>
    /// <param name="samplesSeconds">The samples in the order in which they were taken.</param>
    /// <returns>The warning; null where there is no drift, or the samples are fewer than <see cref="SmallestCount"/>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A sample is negative, infinite or not a number.</exception>
    public static SampleWarning? Check(IReadOnlyList<double> samplesSeconds)
    {
        ArgumentNullException.ThrowIfNull(samplesSeconds);
        if (samplesSeconds.Count < SmallestCount)
        {
            return null;
        }

        int third = samplesSeconds.Count / 3;
        MedianEstimate first = Estimate(samplesSeconds.Take(third));
        MedianEstimate last = Estimate(samplesSeconds.Skip(samplesSeconds.Count - third));
        bool apart = last.Ci95LowSeconds > first.Ci95HighSeconds || last.Ci95HighSeconds < first.Ci95LowSeconds;
        double change = last.MedianSeconds - first.MedianSeconds;
        if (!apart || Math.Abs(change) <= SmallestRelativeChange * first.MedianSeconds)
        {
            return null;
        }

        return new SampleWarning(Code, Describe(first.MedianSeconds, last.MedianSeconds));
    }

    private static MedianEstimate Estimate(IEnumerable<double> samplesSeconds) =>
        OrderStatistics.Estimate(OrderStatistics.Sorted([.. samplesSeconds], nameof(samplesSeconds)));

    private static string Describe(double firstSeconds, double lastSeconds)
    {
        string change =
            firstSeconds > 0
                ? string.Create(CultureInfo.InvariantCulture, $"{(lastSeconds / firstSeconds) - 1:+0.0%;-0.0%}")
                : "from zero";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"The step's time changed along the point: the last third's median is {lastSeconds:g4} s, the first third's {firstSeconds:g4} s ({change})."
        );
    }
}
