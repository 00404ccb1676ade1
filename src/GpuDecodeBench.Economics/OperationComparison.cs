namespace GpuDecodeBench.Economics;

/// <summary>One operation of a measured step, or the whole step, against its roofline. Null means not known, never zero.</summary>
public sealed record OperationComparison
{
    /// <summary>The bound of an operation whose data a cache holds: memory's roofline says nothing of it.</summary>
    public const string CacheBound = "cache";

    /// <summary>The bound of an operation by which devices exchange what they have.</summary>
    public const string LinkBound = "link";

    /// <summary>
    /// Below this share of compulsory bytes in all the bytes that an operation touches, its time is that of caches and launches,
    /// and a ratio to memory's time would mean nothing. An FP8 cache append, say, reads eight bytes of scales.
    /// </summary>
    private const double SmallestCompulsoryShare = 0.01;

    /// <summary>The operation's name; <c>step</c> for the whole.</summary>
    public required string Name { get; init; }

    /// <summary>The kind of operation; <c>step</c> for the whole.</summary>
    public required string Kind { get; init; }

    /// <summary>Executions in one step.</summary>
    public required int Count { get; init; }

    /// <summary>The shortest time that the roofline allows, in seconds; null without a ceiling, and for <see cref="CacheBound"/>.</summary>
    public double? PredictedSeconds { get; init; }

    /// <summary>The measured time, in seconds; null where it is not known: operations were not timed, or the clock did not see this one.</summary>
    public double? MeasuredSeconds { get; init; }

    /// <summary>Whether <see cref="MeasuredSeconds"/> was carried over from some of the executions to the others of the same work.</summary>
    public bool IsExtrapolated { get; init; }

    /// <summary>Measured over predicted time: 1 is the physical limit; null where either is missing.</summary>
    public double? MeasuredOverPredicted =>
        PredictedSeconds is > 0 and double predicted && MeasuredSeconds is > 0 and double measured
            ? measured / predicted
            : null;

    /// <summary><c>memory</c>, <c>compute</c> or <see cref="CacheBound"/>; null without a roofline.</summary>
    public string? Bound { get; init; }

    /// <summary>The measured time over the step's, a fraction; null where the time is not known.</summary>
    public double? ShareOfStep { get; init; }

    /// <summary>Bytes of weights and KV read, which no cache can hold from step to step.</summary>
    public required long CompulsoryReadBytes { get; init; }

    /// <summary>Those bytes over the measured time, in bytes per second; null for <see cref="CacheBound"/> and where there is no time.</summary>
    public double? AchievedBytesPerSecond =>
        Bound != CacheBound && CompulsoryReadBytes > 0 && MeasuredSeconds is > 0 and double measured
            ? CompulsoryReadBytes / measured
            : null;

    /// <summary>Whether an operation lives off caches, so that memory's roofline says nothing of it.</summary>
    internal static bool IsCached(long compulsoryReadBytes, double touchedBytes) =>
        compulsoryReadBytes == 0 || compulsoryReadBytes < SmallestCompulsoryShare * touchedBytes;
}
