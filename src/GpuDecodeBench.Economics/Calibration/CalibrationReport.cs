using System.Collections.Immutable;

namespace GpuDecodeBench.Economics.Calibration;

/// <summary>A calibration with what shows how far it can be trusted: each of its points predicted without it.</summary>
public sealed class CalibrationReport
{
    private readonly Dictionary<Records.PointRecord, LeftOutPoint> _byPoint;

    private CalibrationReport(CalibrationSet set)
    {
        Set = set;
        Calibration = DeviceCalibration.Fit(set.Points);
        LeaveOneOut = [.. CrossValidation.LeaveOneOut(set.Points)];
        Errors = CalibrationErrors.Of(set.Points, LeaveOneOut);
        MeanStep = MeanStepRatio.Of(set.Points);
        _byPoint = new(ReferenceEqualityComparer.Instance);
        foreach (LeftOutPoint point in LeaveOneOut)
        {
            _byPoint[point.Point.Point] = point;
        }
    }

    /// <summary>The records and their points.</summary>
    public CalibrationSet Set { get; }

    /// <summary>The calibration on all points.</summary>
    public DeviceCalibration Calibration { get; }

    /// <summary>Each point, predicted by a calibration on all the others.</summary>
    public ImmutableArray<LeftOutPoint> LeaveOneOut { get; }

    /// <summary>How wrong predictions were.</summary>
    public CalibrationErrors Errors { get; }

    /// <summary>How far the mean step lies above the median in the points.</summary>
    public MeanStepRatio MeanStep { get; }

    /// <summary>Calibrates, and predicts each point without it.</summary>
    /// <param name="set">The points.</param>
    public static CalibrationReport Of(CalibrationSet set)
    {
        ArgumentNullException.ThrowIfNull(set);
        return new CalibrationReport(set);
    }

    /// <summary>
    /// A measured point as points other than it predict it: one of those in use by a calibration without it, one that was left out by
    /// the calibration on all in use.
    /// </summary>
    /// <param name="record">One of the records.</param>
    /// <param name="point">A point of it, the same object.</param>
    public LeftOutPoint PredictMeasured(Records.RunRecord record, Records.PointRecord point)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(point);
        return _byPoint.GetValueOrDefault(point)
            ?? CrossValidation.Predict(new CalibrationPoint(record, point), Calibration, Set.Points) with
            {
                IsInUse = false,
            };
    }
}
