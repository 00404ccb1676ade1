using System.Collections.Immutable;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Economics.Calibration;

/// <summary>
/// What a device really does, learnt from measured points: for each kind of operation and format a rate over arithmetic intensity,
/// seconds for each execution and for each byte that is not streamed, and the gap between operations. docs/calibration.md says how it
/// is found and what it can and cannot tell.
/// </summary>
public sealed class DeviceCalibration
{
    private readonly Dictionary<OperationClass, ClassTimes> _times;

    private DeviceCalibration(IReadOnlyList<ClassTimes> classes, double gapSeconds)
    {
        Classes = [.. classes];
        GapSeconds = gapSeconds;
        _times = classes.ToDictionary(times => times.Class);
    }

    /// <summary>The times of each class that was measured, in the order of their first operation.</summary>
    public ImmutableArray<ClassTimes> Classes { get; }

    /// <summary>Seconds that a step takes for each execution beside the operations' own times; negative where they overlap.</summary>
    public double GapSeconds { get; }

    /// <summary>Calibrates on points.</summary>
    /// <param name="points">The points, at least one.</param>
    public static DeviceCalibration Fit(IReadOnlyList<CalibrationPoint> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        ArgumentOutOfRangeException.ThrowIfZero(points.Count, nameof(points));
        (IReadOnlyList<ClassTimes> classes, double gap) = CalibrationFit.Of(points);
        return new DeviceCalibration(classes, gap);
    }

    /// <summary>The time of a step.</summary>
    /// <param name="operations">Its operations.</param>
    /// <exception cref="InputException">An operation streams a format that was not measured.</exception>
    internal CalibratedStep Predict(IReadOnlyList<CalibrationOperation> operations)
    {
        ImmutableArray<CalibratedOperation> predicted =
        [
            .. operations.Select(operation => For(operation.Class).Predict(operation)),
        ];
        double gap = GapSeconds * operations.Sum(operation => operation.Count);
        double sum = predicted.Sum(operation => operation.Seconds);

        // A step cannot be shorter than its longest operation, however much the others overlap.
        double least = predicted.Max(operation => operation.Seconds);
        return new CalibratedStep(predicted, Math.Max(gap, least - sum));
    }

    /// <summary>The first class of some operations that was not measured and that nothing can stand in for; null where there is none.</summary>
    internal OperationClass? Missing(IEnumerable<CalibrationOperation> operations) =>
        operations
            .Select(operation => (OperationClass?)operation.Class)
            .FirstOrDefault(kind => TimesOf(kind!.Value) is null);

    /// <summary>The times that operations of a class are given.</summary>
    /// <param name="kind">The class.</param>
    /// <exception cref="InputException">Its format was not measured.</exception>
    internal ClassTimes For(OperationClass kind) => TimesOf(kind) ?? throw Unknown(kind);

    /// <summary>
    /// The times that a class is given: its own; for products of experts or heads those of plain products in the same format; for other
    /// norms those of the RMS norm; for other small operations those of the slowest kind that was measured. Null for a format that was
    /// not measured.
    /// </summary>
    private ClassTimes? TimesOf(OperationClass kind)
    {
        if (_times.TryGetValue(kind, out ClassTimes? own))
        {
            return own;
        }

        if (kind.Streams)
        {
            return kind.StreamsKv ? null : _times.GetValueOrDefault(OperationClass.Linear(kind.Format!));
        }

        return kind.IsNorm && _times.TryGetValue(OperationClass.RmsNorm, out ClassTimes? norm)
            ? norm
            : Classes
                .Where(times => !times.Class.Streams)
                .OrderByDescending(times => times.OverheadSeconds)
                .ThenBy(times => times.Class.Kind, StringComparer.Ordinal)
                .FirstOrDefault();
    }

    private InputException Unknown(OperationClass kind)
    {
        if (!kind.Streams)
        {
            return new InputException(
                $"No small operation was measured, so the time of {kind} is not known; calibrate on a record whose operations were timed."
            );
        }

        string what = kind.StreamsKv ? "KV format" : "weight format";
        IEnumerable<string> known = Classes
            .Where(times => times.Class.Streams && times.Class.StreamsKv == kind.StreamsKv)
            .Select(times => times.Class.Format!)
            .Distinct(StringComparer.Ordinal);
        return new InputException(
            $"The {what} {kind.Format} was not measured, so its time is not known; measured were {string.Join(", ", known)}."
        );
    }
}
