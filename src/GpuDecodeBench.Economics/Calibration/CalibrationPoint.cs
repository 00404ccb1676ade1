using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Calibration;

/// <summary>A measured point as the calibration sees it, over the layers that were measured.</summary>
public sealed class CalibrationPoint
{
    internal CalibrationPoint(RunRecord record, PointRecord point)
    {
        Record = record;
        Point = point;
        Operations = [.. point.Operations.Select(operation => CalibrationOperation.Of(operation, point))];
    }

    /// <summary>The run.</summary>
    public RunRecord Record { get; }

    /// <summary>The point.</summary>
    public PointRecord Point { get; }

    /// <summary>The measured time of a step, in seconds.</summary>
    public double StepSeconds => Point.StepSeconds.Median;

    internal IReadOnlyList<CalibrationOperation> Operations { get; }

    /// <summary>
    /// The operations' times belong to this step: together they are within a twentieth of it. Times that are not were taken while
    /// the machine was in another state.
    /// </summary>
    internal bool HasOperationTimes =>
        Point.OperationsSecondsOverStep is double ratio
        && Math.Abs(ratio - 1) <= CalibrationSet.OperationsSpread
        && Operations.All(operation => operation.MeasuredSeconds is not null);

    /// <summary>
    /// Half the 95 % confidence interval of the median over the median, a fraction; null where there is none.
    /// </summary>
    internal static double? HalfInterval(PointRecord point) =>
        point.StepSeconds is { Ci95Low: double low, Ci95High: double high, Median: > 0 and double median }
            ? (high - low) / 2 / median
            : null;
}
