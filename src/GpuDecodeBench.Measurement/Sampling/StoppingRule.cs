namespace GpuDecodeBench.Measurement.Sampling;

/// <summary>
/// When enough samples have been taken: the median's 95 % confidence interval is narrow enough, with at least so many samples
/// over at least so long; or the time is up.
/// </summary>
/// <remarks>
/// The shape of the rule (a relative target, a minimum of samples and of time, a limit) is that of NVBench's <c>stdrel</c>
/// criterion; the target applies to the median's distribution-free interval instead of the mean's deviation, because step times
/// are skewed. The time limit comes first: where it is shorter than the minimum time, sampling ends at the limit.
/// </remarks>
public sealed record StoppingRule
{
    private readonly double _relativeHalfWidth = 0.005;
    private readonly int _minimumSamples = 20;
    private readonly double _minimumSeconds = 1;
    private readonly double _maximumSeconds = 20;

    /// <summary>The median to ± 1 %; 10 samples and 0.3 s at least, 5 s at most.</summary>
    public static StoppingRule Quick { get; } =
        new()
        {
            RelativeHalfWidth = 0.01,
            MinimumSamples = 10,
            MinimumSeconds = 0.3,
            MaximumSeconds = 5,
        };

    /// <summary>The median to ± 0.5 %; 20 samples and 1 s at least, 20 s at most.</summary>
    public static StoppingRule Standard { get; } = new();

    /// <summary>
    /// The median to ± 0.25 %; 50 samples and 5 s at least (as long as an energy reading needs), 60 s at most.
    /// </summary>
    public static StoppingRule Thorough { get; } =
        new()
        {
            RelativeHalfWidth = 0.0025,
            MinimumSamples = 50,
            MinimumSeconds = 5,
            MaximumSeconds = 60,
        };

    /// <summary>
    /// The target for (high − low) / 2 / median, a fraction above 0 and below 1. Default 0.005.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">Outside that range.</exception>
    public double RelativeHalfWidth
    {
        get => _relativeHalfWidth;
        init =>
            _relativeHalfWidth = value is > 0 and < 1
                ? value
                : throw new ArgumentOutOfRangeException(
                    nameof(value),
                    value,
                    "A fraction above 0 and below 1 is accepted."
                );
    }

    /// <summary>Samples before the rule can be met, 1 or more; an interval needs 6 in any case. Default 20.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Below 1.</exception>
    public int MinimumSamples
    {
        get => _minimumSamples;
        init =>
            _minimumSamples =
                value >= 1
                    ? value
                    : throw new ArgumentOutOfRangeException(nameof(value), value, "1 or more is accepted.");
    }

    /// <summary>Seconds before the rule can be met, 0 or more. Default 1.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Negative, infinite or not a number.</exception>
    public double MinimumSeconds
    {
        get => _minimumSeconds;
        init =>
            _minimumSeconds =
                double.IsFinite(value) && value >= 0
                    ? value
                    : throw new ArgumentOutOfRangeException(
                        nameof(value),
                        value,
                        "A finite number, 0 or more, is accepted."
                    );
    }

    /// <summary>Seconds after which sampling ends, met or not; above 0. Default 20.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Zero, negative, infinite or not a number.</exception>
    public double MaximumSeconds
    {
        get => _maximumSeconds;
        init =>
            _maximumSeconds =
                double.IsFinite(value) && value > 0
                    ? value
                    : throw new ArgumentOutOfRangeException(
                        nameof(value),
                        value,
                        "A finite number above 0 is accepted."
                    );
    }
}
