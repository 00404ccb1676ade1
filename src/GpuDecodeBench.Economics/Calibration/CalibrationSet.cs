using System.Globalization;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Economics.Calibration;

/// <summary>
/// The points of one or more run records of one device that a calibration can rest on, and what was left out and why. What is left
/// out depends on the point's own measurement alone, never on how well it fits.
/// </summary>
public sealed class CalibrationSet
{
    /// <summary>The fewest points that a calibration is made of: with fewer there is nothing left to check it with.</summary>
    public const int FewestPoints = 4;

    /// <summary>
    /// A median that is known to less than this, as half of its 95 % interval over itself, can neither teach nor check a model that
    /// is to be right to a few percent.
    /// </summary>
    public const double WidestHalfInterval = 0.025;

    /// <summary>
    /// How far the read ceiling that was followed while a point was sampled may be from the middle of all points', as a fraction: beyond
    /// it the machine was in another state, which one calibration cannot hold.
    /// </summary>
    public const double WidestCeilingShift = 0.05;

    /// <summary>How far the operations' times may be from the step's, as a fraction of it, to be used.</summary>
    internal const double OperationsSpread = 0.05;

    private CalibrationSet(IReadOnlyList<RunRecord> records, IReadOnlyList<CalibrationPoint> points, string left)
    {
        Records = records;
        Points = points;
        LeftOut = left;
    }

    /// <summary>The records, at least one.</summary>
    public IReadOnlyList<RunRecord> Records { get; }

    /// <summary>The points in use.</summary>
    public IReadOnlyList<CalibrationPoint> Points { get; }

    /// <summary>How many points were left out and why, for example <c>2 invalid, 1 throttled</c>; empty where none was.</summary>
    public string LeftOut { get; }

    /// <summary>The points of some records.</summary>
    /// <param name="records">The records, at least one.</param>
    /// <exception cref="InputException">
    /// The records are of different devices, backends or kernels, or fewer than <see cref="FewestPoints"/> of their points can be used.
    /// </exception>
    public static CalibrationSet Of(IReadOnlyList<RunRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        ArgumentOutOfRangeException.ThrowIfZero(records.Count, nameof(records));
        if (Mixture(records) is string mixture)
        {
            throw new InputException(mixture);
        }

        CalibrationSet set = Collect(records);
        if (set.Points.Count < FewestPoints)
        {
            string why = set.LeftOut.Length == 0 ? "" : $" (left out: {set.LeftOut})";
            throw new InputException(
                $"A calibration needs at least {FewestPoints} usable points, and {Name(records)} has {set.Points.Count}{why}; measure more batches and contexts, or give more records."
            );
        }

        return set;
    }

    /// <summary>
    /// The points of some records, where a calibration says something of each without being asked: the records are of one device, there
    /// are at least twice <see cref="FewestPoints"/>, and most points have another of their weight format and batch. Else null.
    /// </summary>
    /// <param name="records">The records.</param>
    public static CalibrationSet? TryOf(IReadOnlyList<RunRecord> records)
    {
        ArgumentNullException.ThrowIfNull(records);
        if (records.Count == 0 || Mixture(records) is not null)
        {
            return null;
        }

        CalibrationSet set = Collect(records);
        int alike = set
            .Points.GroupBy(point => (point.Point.Weights, point.Point.Batch))
            .Where(group => group.Count() > 1)
            .Sum(group => group.Count());
        return set.Points.Count >= 2 * FewestPoints && 2 * alike > set.Points.Count ? set : null;
    }

    private static CalibrationSet Collect(IReadOnlyList<RunRecord> records)
    {
        var left = new List<string>();
        List<CalibrationPoint> points = [];
        foreach (RunRecord record in records)
        {
            left.AddRange(record.Points.Select(WhyNot).OfType<string>());
            points.AddRange(
                record.Points.Where(point => WhyNot(point) is null).Select(point => new CalibrationPoint(record, point))
            );
        }

        int before = points.Count;
        double? middle = Ceilings.Middle(points.Select(point => point.Point.ReadCeilingBytesPerSecond));
        points.RemoveAll(point => IsShifted(point.Point, middle));
        left.AddRange(Enumerable.Repeat("measured while the read ceiling was another", before - points.Count));
        string[] counts = [.. left.GroupBy(reason => reason).Select(group => $"{group.Count()} {group.Key}")];
        return new CalibrationSet(records, points, string.Join(", ", counts));
    }

    /// <summary>Why a point is left out, as a word that can be counted; null where it is used.</summary>
    private static string? WhyNot(PointRecord point) =>
        !point.Valid ? "invalid"
        : point.ThrottleReasons.Count > 0 ? "throttled"
        : point.StepSeconds.Median <= 0 || point.Operations.Count == 0 ? "without operations"
        : CalibrationPoint.HalfInterval(point) is not double half ? "without a confidence interval"
        : half > WidestHalfInterval
            ? string.Create(CultureInfo.InvariantCulture, $"known to less than ±{WidestHalfInterval * 100} %")
        : null;

    private static bool IsShifted(PointRecord point, double? middle) =>
        middle is > 0
        && point.ReadCeilingBytesPerSecond is double ceiling
        && Math.Abs((ceiling / middle.Value) - 1) > WidestCeilingShift;

    /// <summary>What differs between records or points that one calibration cannot hold, as a sentence; null where nothing does.</summary>
    private static string? Mixture(IReadOnlyList<RunRecord> records)
    {
        foreach (RunRecord record in records.Skip(1))
        {
            if (Difference(records[0], record) is (string what, string first, string other))
            {
                return $"A calibration is of one device, and these records differ in {what}: '{first}' and '{other}'; give records of one device, backend and kind of kernels.";
            }
        }

        PointRecord[] points = [.. records.SelectMany(record => record.Points)];
        return points.Select(point => point.TensorParallel).Distinct().Count() > 1
                ? "A calibration is of one number of devices, and these points were measured on different numbers; give records of one."
            : points.Select(point => point.Activations).Distinct(StringComparer.Ordinal).Count() > 1
                ? "A calibration is of one format of activations, and these points differ in it; give records of one."
            : null;
    }

    private static (string What, string First, string Other)? Difference(RunRecord first, RunRecord other)
    {
        (string What, string First, string Other)[] facts =
        [
            ("the device", first.Device.Name, other.Device.Name),
            ("the backend", first.Device.Backend, other.Device.Backend),
            ("the device's kernels", first.Device.Detail ?? "not said", other.Device.Detail ?? "not said"),
            ("the threads used", $"{first.Environment.CpuThreadsUsed}", $"{other.Environment.CpuThreadsUsed}"),
        ];
        int differing = Array.FindIndex(facts, fact => fact.First != fact.Other);
        return differing < 0 ? null : facts[differing];
    }

    private static string Name(IReadOnlyList<RunRecord> records) =>
        records.Count == 1 ? $"the record of {records[0].Model.Name}" : $"the {records.Count} records together";
}
