using GpuDecodeBench.Economics.Calibration;
using GpuDecodeBench.Records;
using GpuDecodeBench.Tests;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Tests.Calibration;

public class DeviceCalibrationTests
{
    private static readonly int[] s_batches = [1, 4, 16];
    private static readonly int[] s_contexts = [512, 4096];
    private static readonly WeightFormat[] s_weights = [WeightFormat.Bf16, WeightFormat.Int4];

    private static readonly RunRecord s_small = SyntheticRun.Record(
        "llama-3.2-1b",
        3,
        s_weights,
        s_batches,
        s_contexts
    );
    private static readonly RunRecord s_large = SyntheticRun.Record(
        "llama-3.1-8b",
        2,
        s_weights,
        s_batches,
        s_contexts
    );
    private static readonly CalibrationReport s_report = CalibrationReport.Of(CalibrationSet.Of([s_small, s_large]));

    [Fact]
    public void TheParametersOfAKnownDeviceAreFound()
    {
        DeviceCalibration calibration = s_report.Calibration;
        Near(SyntheticRun.GapSeconds, calibration.GapSeconds, "gap");
        Assert.Equal(3, calibration.Classes.Count(times => times.Class.Streams));
        foreach (
            ClassTimes times in calibration.Classes.Where(times => times.Class.Kind is "linear" or "residual" or "rope")
        )
        {
            Near(SyntheticRun.OverheadSeconds, times.OverheadSeconds, $"overhead of {times.Class}");
            Near(SyntheticRun.SecondsPerOtherByte, times.SecondsPerOtherByte, $"other bytes of {times.Class}");
        }

        foreach (ClassTimes times in calibration.Classes.Where(times => times.Curve is not null))
        {
            Assert.Equal(times.Class.StreamsKv ? 1 : 3, times.Curve!.Knots.Length);
            foreach (RateKnot knot in times.Curve.Knots)
            {
                double known = SyntheticRun.SecondsPerByte(times.Class, knot.Intensity);
                Near(known, knot.SecondsPerByte, $"{times.Class} at {knot.Intensity}");
            }
        }
    }

    [Fact]
    public void PointsOfAKnownDeviceArePredictedWithoutThemselves()
    {
        Assert.Equal(24, s_report.Errors.Count);
        Assert.True(s_report.Errors.WorstFraction < 1e-6, $"{s_report.Errors.WorstFraction}");
    }

    [Fact]
    public void AttentionOfOneContextGrowsWithTheContextAllTheSame()
    {
        // At one context activations are a fixed share of the KV, so nothing tells the two apart.
        RunRecord single = SyntheticRun.Record("llama-3.2-1b", 3, [WeightFormat.Bf16], [1, 2, 4, 8], [512]);
        var calibration = DeviceCalibration.Fit(CalibrationSet.Of([single]).Points);
        ClassTimes attention = calibration.Classes.Single(times => times.Class.StreamsKv);
        Assert.Equal(0, attention.SecondsPerOtherByte);
        DecodeStepPlan plan = SyntheticRun.Plan("llama-3.2-1b", WeightFormat.Bf16, 4, 8192, 3);
        double predicted = calibration.Predict(CalibrationOperation.Of(plan)).Seconds;
        Assert.InRange(predicted / SyntheticRun.StepSeconds(plan), 1, 1.05);
    }

    [Fact]
    public void OperationsThatAreFasterTogetherThanAloneLeaveANegativeGap()
    {
        // Each step takes 3 µs less for each of its executions than the law says: the gap of 1 µs becomes -2 µs.
        PointRecord[] points =
        [
            .. s_small.Points.Select(point =>
            {
                double step = point.StepSeconds.Median - (3e-6 * point.Operations.Sum(operation => operation.Count));
                return point with
                {
                    StepSeconds = point.StepSeconds with { Median = step, Ci95Low = step, Ci95High = step },
                    OperationsSecondsOverStep = point.Operations.Sum(operation => operation.Seconds) / step,
                };
            }),
        ];
        var calibration = DeviceCalibration.Fit(CalibrationSet.Of([s_small with { Points = points }]).Points);
        Near(-2e-6, calibration.GapSeconds, "gap");
    }

    [Fact]
    public void AWrongPointIsFoundByItsError()
    {
        PointRecord[] points = [.. s_small.Points];
        points[5] = SyntheticRun.Slower(points[5], 1.3);
        var report = CalibrationReport.Of(CalibrationSet.Of([s_small with { Points = points }, s_large]));
        LeftOutPoint worst = report.LeaveOneOut.MaxBy(point => Math.Abs(point.Error!.Value))!;
        Assert.Same(points[5], worst.Point.Point);

        // The law says 1 where it took 1.3: 1 / 1.3 - 1.
        Assert.Equal((1 / 1.3) - 1, worst.Error!.Value, 6);
        Assert.Same(worst, report.PredictMeasured(s_small, points[5]));
    }

    [Fact]
    public void TheOnlyPointOfAFormatCannotBePredictedByTheOthers()
    {
        RunRecord single = SyntheticRun.Record("llama-3.2-1b", 1, [WeightFormat.Int8], [4], [512]);
        var report = CalibrationReport.Of(CalibrationSet.Of([s_small, single]));
        LeftOutPoint only = report.PredictMeasured(single, single.Points[0]);
        Assert.Null(only.Step);
        Assert.Null(only.Error);
        Assert.Equal("no other point has linear int8", only.WhyNot);
        Assert.Equal(s_small.Points.Count, report.Errors.Count);
    }

    private static void Near(double known, double found, string what) =>
        Assert.True(Math.Abs((found / known) - 1) < 1e-6, $"{what}: {found}, not {known}");
}
