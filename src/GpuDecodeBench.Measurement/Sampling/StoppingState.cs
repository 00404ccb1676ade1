using GpuDecodeBench.Measurement.Statistics;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Sampling;

/// <summary>
/// Takes one point's samples and says when a <see cref="StoppingRule"/> is met. Holds no clock: the caller says how much time
/// has passed, so that the same samples always end the same way. Not safe for use by several threads at once.
/// </summary>
/// <remarks>
/// <para>
/// The interval is looked at after every sample while they are few, then each time their number has grown by 5 %: that keeps the
/// cost a sample constant, and it makes fewer looks, each of which is a chance to stop on a lucky streak.
/// </para>
/// <para>The reason is decided once. Samples added afterwards (a batch that was under way) still count in the statistics.</para>
/// </remarks>
public sealed class StoppingState
{
    private const double GrowthBetweenLooks = 1.05;

    private readonly RunningMedian _median = new();
    private double _sampleSecondsSum;
    private double _nextLookCount = MedianRanks.SmallestCount;
    private bool _minimumsMet;

    /// <summary>Begins a point.</summary>
    public StoppingState(StoppingRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        Rule = rule;
    }

    /// <summary>The rule that applies.</summary>
    public StoppingRule Rule { get; }

    /// <summary>Why sampling stopped; null while it goes on.</summary>
    public StopReason? Reason { get; private set; }

    /// <summary>Whether sampling has stopped.</summary>
    public bool IsDone => Reason is not null;

    /// <summary>How often the interval was looked at.</summary>
    internal int Looks => _median.Merges;

    /// <summary>Samples taken.</summary>
    public int Count => _median.Count;

    /// <summary>All samples in the order in which they came, in seconds.</summary>
    public IReadOnlyList<double> SamplesSeconds => _median.SamplesSeconds;

    /// <summary>Time since the point began, as the caller last gave it.</summary>
    public double ElapsedSeconds { get; private set; }

    /// <summary>
    /// The interval's relative half width at the last look, a fraction; null before the first look, and where the median is zero.
    /// </summary>
    public double? RelativeHalfWidth { get; private set; }

    /// <summary>
    /// How long sampling may still take, for a progress display: the half width shrinks with 1/√n, and each sample takes what
    /// those before took. At most the time to the limit, 0 when done, null before the first sample.
    /// </summary>
    public double? EstimatedSecondsLeft
    {
        get
        {
            if (IsDone)
            {
                return 0;
            }

            if (Count == 0)
            {
                return null;
            }

            double limitSeconds = Math.Max(0, Rule.MaximumSeconds - ElapsedSeconds);
            double samplesNeeded = Math.Max(Rule.MinimumSamples, MedianRanks.SmallestCount);
            if (RelativeHalfWidth is { } halfWidth)
            {
                double shrink = halfWidth / Rule.RelativeHalfWidth;
                samplesNeeded = Math.Max(samplesNeeded, Count * shrink * shrink);
            }

            double secondsNeeded = Math.Max(
                (samplesNeeded - Count) * ElapsedSeconds / Count,
                Rule.MinimumSeconds - ElapsedSeconds
            );
            return Math.Clamp(secondsNeeded, 0, limitSeconds);
        }
    }

    /// <summary>Adds a sample where nothing but the samples took time: the elapsed time is their sum.</summary>
    /// <param name="sampleSeconds">How long the step took.</param>
    /// <exception cref="ArgumentOutOfRangeException">Negative, infinite or not a number.</exception>
    public void Add(double sampleSeconds) =>
        Add(sampleSeconds, Math.Max(ElapsedSeconds, _sampleSecondsSum + sampleSeconds));

    /// <summary>Adds a sample and decides whether to stop.</summary>
    /// <param name="sampleSeconds">How long the step took.</param>
    /// <param name="elapsedSeconds">The caller's clock: time since the point began, what lies between samples included.</param>
    /// <exception cref="ArgumentOutOfRangeException">Negative, infinite or not a number, or the clock ran backwards.</exception>
    public void Add(double sampleSeconds, double elapsedSeconds)
    {
        OrderStatistics.RequireDuration(sampleSeconds, nameof(sampleSeconds));
        OrderStatistics.RequireDuration(elapsedSeconds, nameof(elapsedSeconds));
        ArgumentOutOfRangeException.ThrowIfLessThan(elapsedSeconds, ElapsedSeconds);

        _median.Add(sampleSeconds);
        _sampleSecondsSum += sampleSeconds;
        ElapsedSeconds = elapsedSeconds;
        if (!IsDone)
        {
            Decide();
        }
    }

    /// <summary>Ends sampling on the user's wish; without effect when it has already ended.</summary>
    public void Interrupt() => Reason ??= StopReason.Interrupted;

    /// <summary>The figures of all samples with the reason, as a run record holds them.</summary>
    /// <exception cref="InvalidOperationException">Sampling goes on, or there is no sample.</exception>
    public StepStatistics ToStepStatistics()
    {
        if (Reason is not { } reason)
        {
            throw new InvalidOperationException("Sampling goes on; the statistics are final only when it has stopped.");
        }

        if (Count == 0)
        {
            throw new InvalidOperationException("Sampling was interrupted before the first sample.");
        }

        return new SampleStatistics(SamplesSeconds).ToStepStatistics(reason);
    }

    private void Decide()
    {
        // The first moment at which the rule can be met is worth a look of its own.
        bool minimumsMet = Count >= Rule.MinimumSamples && ElapsedSeconds >= Rule.MinimumSeconds;
        bool justMet = minimumsMet && !_minimumsMet;
        bool outOfTime = ElapsedSeconds >= Rule.MaximumSeconds;
        _minimumsMet = minimumsMet;
        if (Count >= _nextLookCount || justMet || outOfTime)
        {
            RelativeHalfWidth = _median.Estimate()?.RelativeHalfWidth;
            _nextLookCount = Math.Max(MedianRanks.SmallestCount, Math.Max(Count + 1, Count * GrowthBetweenLooks));
            if (minimumsMet && RelativeHalfWidth <= Rule.RelativeHalfWidth)
            {
                Reason = StopReason.Converged;
                return;
            }
        }

        if (outOfTime)
        {
            Reason = StopReason.TimeLimit;
        }
    }
}
