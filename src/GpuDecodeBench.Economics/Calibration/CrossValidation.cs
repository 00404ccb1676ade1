namespace GpuDecodeBench.Economics.Calibration;

/// <summary>Predicts points by calibrations that were made without them.</summary>
internal static class CrossValidation
{
    /// <summary>The most calibrations that leaving points out makes; beyond it, points are left out in so many groups.</summary>
    public const int MostGroups = 64;

    /// <summary>Each point by all the others; by those of all other groups where there are more than <see cref="MostGroups"/>.</summary>
    public static IReadOnlyList<LeftOutPoint> LeaveOneOut(IReadOnlyList<CalibrationPoint> points)
    {
        var predicted = new LeftOutPoint[points.Count];
        for (int group = 0; group < Math.Min(points.Count, MostGroups); group++)
        {
            var calibration = DeviceCalibration.Fit([.. points.Where((_, i) => i % MostGroups != group)]);
            for (int i = group; i < points.Count; i += MostGroups)
            {
                predicted[i] = Predict(points[i], calibration, points);
            }
        }

        return predicted;
    }

    /// <summary>
    /// Each value's points by those of all other values, for example each batch by the other batches. Values that are all there is are
    /// passed over.
    /// </summary>
    /// <param name="points">The points.</param>
    /// <param name="value">A point's value.</param>
    public static IEnumerable<IGrouping<T, LeftOutPoint>> LeaveValueOut<T>(
        IReadOnlyList<CalibrationPoint> points,
        Func<CalibrationPoint, T> value
    )
        where T : notnull
    {
        T[] values = [.. points.Select(value).Distinct()];
        return values.Length < 2
            ? []
            : values
                .SelectMany(left =>
                {
                    var calibration = DeviceCalibration.Fit([.. points.Where(point => !value(point).Equals(left))]);
                    return points
                        .Where(point => value(point).Equals(left))
                        .Select(point => (left, Point: Predict(point, calibration, points)));
                })
                .GroupBy(pair => pair.left, pair => pair.Point);
    }

    /// <summary>A point by a calibration that does not know it.</summary>
    /// <param name="left">The point.</param>
    /// <param name="calibration">The calibration.</param>
    /// <param name="points">All points that the calibration could rest on.</param>
    public static LeftOutPoint Predict(
        CalibrationPoint left,
        DeviceCalibration calibration,
        IReadOnlyList<CalibrationPoint> points
    )
    {
        int sameBatch = points.Count(point =>
            point != left && point.Point.Weights == left.Point.Weights && point.Point.Batch == left.Point.Batch
        );
        return left.Operations.Count == 0 ? new LeftOutPoint(left, null, "its operations were not timed", sameBatch)
            : calibration.Missing(left.Operations) is OperationClass kind
                ? new LeftOutPoint(left, null, $"no other point has {kind}", sameBatch)
            : new LeftOutPoint(left, calibration.Predict(left.Operations), null, sameBatch);
    }
}
