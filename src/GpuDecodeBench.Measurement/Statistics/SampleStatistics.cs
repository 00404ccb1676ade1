using GpuDecodeBench.Measurement.Sampling;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Statistics;

/// <summary>The distribution of a finished set of samples, in seconds.</summary>
/// <remarks>Sorts a copy once: O(n log n). While samples still come, use <see cref="RunningMedian"/>.</remarks>
public sealed class SampleStatistics
{
    private readonly double[] _sorted;

    /// <summary>Computes the figures.</summary>
    /// <param name="samplesSeconds">The samples in any order; at least one.</param>
    /// <exception cref="ArgumentException">There is no sample.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A sample is negative, infinite or not a number.</exception>
    public SampleStatistics(IReadOnlyCollection<double> samplesSeconds)
    {
        _sorted = OrderStatistics.Sorted(samplesSeconds, nameof(samplesSeconds));
        Median = OrderStatistics.Estimate(_sorted);

        // Two passes, and sums over the sorted samples (smallest first): no cancellation however small the spread.
        MeanSeconds = _sorted.Sum() / _sorted.Length;
        if (_sorted.Length > 1)
        {
            double squares = 0;
            foreach (double seconds in _sorted)
            {
                squares += (seconds - MeanSeconds) * (seconds - MeanSeconds);
            }

            StandardDeviationSeconds = Math.Sqrt(squares / (_sorted.Length - 1));
        }
    }

    /// <summary>Samples.</summary>
    public int Count => _sorted.Length;

    /// <summary>The median with its distribution-free 95 % confidence interval (see <see cref="MedianRanks"/>).</summary>
    public MedianEstimate Median { get; }

    /// <summary>The arithmetic mean.</summary>
    public double MeanSeconds { get; }

    /// <summary>The sample standard deviation, √(Σ(x − mean)² / (n − 1)); null for a single sample.</summary>
    public double? StandardDeviationSeconds { get; }

    /// <summary>The smallest sample.</summary>
    public double MinimumSeconds => _sorted[0];

    /// <summary>The largest sample.</summary>
    public double MaximumSeconds => _sorted[^1];

    /// <summary>
    /// A percentile by linear interpolation between order statistics at position 1 + (n − 1)·p/100: type 7 of Hyndman and Fan,
    /// "Sample quantiles in statistical packages", The American Statistician 50 (1996), the default of R, NumPy and Excel.
    /// </summary>
    /// <param name="percent">0 (the smallest sample) to 100 (the largest).</param>
    /// <exception cref="ArgumentOutOfRangeException">Outside 0 to 100.</exception>
    public double PercentileSeconds(double percent)
    {
        if (!(percent is >= 0 and <= 100))
        {
            throw new ArgumentOutOfRangeException(nameof(percent), percent, "A percentile is 0 to 100.");
        }

        return OrderStatistics.Quantile(_sorted, percent / 100);
    }

    /// <summary>The figures as a run record holds them.</summary>
    /// <param name="reason">Why sampling stopped.</param>
    public StepStatistics ToStepStatistics(StopReason reason) =>
        new()
        {
            Median = Median.MedianSeconds,
            Mean = MeanSeconds,
            P5 = PercentileSeconds(5),
            P95 = PercentileSeconds(95),
            P99 = PercentileSeconds(99),
            StdDev = StandardDeviationSeconds,
            Ci95Low = Median.Ci95LowSeconds,
            Ci95High = Median.Ci95HighSeconds,
            Count = Count,
            StopReason = reason.Name(),
        };
}
