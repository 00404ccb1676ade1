using GpuDecodeBench.Economics.Calibration;
using GpuDecodeBench.Records;
using GpuDecodeBench.Tests;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Economics.Tests.Calibration;

public class CalibrationSetTests
{
    private static readonly RunRecord s_record = SyntheticRun.Record(
        "llama-3.2-1b",
        1,
        [WeightFormat.Bf16],
        [1, 2, 4],
        [512, 1024]
    );

    [Fact]
    public void InvalidThrottledAndUnsteadyPointsAreLeftOutAndCounted()
    {
        PointRecord[] points = [.. s_record.Points];
        points[0] = RecordBuilder.Invalid(points[0], "interrupted");
        points[1] = points[1] with { ThrottleReasons = ["swPowerCap"] };
        var set = CalibrationSet.Of([s_record with { Points = points }]);
        Assert.Equal(4, set.Points.Count);
        Assert.Equal("1 invalid, 1 throttled", set.LeftOut);

        // A median of 100 ms between 94 and 100 ms is known to ±3 %.
        double median = points[2].StepSeconds.Median;
        points[2] = points[2] with
        {
            StepSeconds = points[2].StepSeconds with { Ci95Low = median * 0.94, Ci95High = median },
        };
        InputException few = Assert.Throws<InputException>(() =>
            CalibrationSet.Of([s_record with { Points = points }])
        );
        Assert.Contains("at least 4 usable points", few.Message, StringComparison.Ordinal);
        Assert.Contains(
            "has 3 (left out: 1 invalid, 1 throttled, 1 known to less",
            few.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void APointWhoseOperationsWereNotTimedIsLeftOutAndCannotBePredicted()
    {
        PointRecord[] points = [.. s_record.Points];
        points[2] = points[2] with { Operations = [], OperationsSecondsOverStep = null };
        RunRecord record = s_record with { Points = points };
        var report = CalibrationReport.Of(CalibrationSet.Of([record]));
        Assert.Equal("1 without operations", report.Set.LeftOut);
        LeftOutPoint point = report.PredictMeasured(record, points[2]);
        Assert.Null(point.Step);
        Assert.False(point.IsInUse);
        Assert.Contains("not timed", point.WhyNot, StringComparison.Ordinal);
    }

    [Fact]
    public void WithoutBeingAskedOnlyARecordWhosePointsHaveOthersAlikeIsCalibrated()
    {
        // Six points are too few; of eight with another batch each, none has another of its batch.
        Assert.Null(CalibrationSet.TryOf([s_record]));
        RunRecord single = SyntheticRun.Record("llama-3.2-1b", 1, [WeightFormat.Bf16], [1, 2, 3, 4, 5, 6, 7, 8], [512]);
        Assert.Null(CalibrationSet.TryOf([single]));
        RunRecord other = s_record with { Device = s_record.Device with { Name = "Another CPU" } };
        Assert.Null(CalibrationSet.TryOf([s_record, other]));
        Assert.Equal(12, CalibrationSet.TryOf([s_record, s_record])!.Points.Count);
    }

    [Fact]
    public void APointFromAnotherStateOfTheMachineIsLeftOut()
    {
        PointRecord[] points = [.. s_record.Points.Select(point => point with { ReadCeilingBytesPerSecond = 50e9 })];
        points[3] = points[3] with { ReadCeilingBytesPerSecond = 45e9 };
        var set = CalibrationSet.Of([s_record with { Points = points }]);
        Assert.Equal(5, set.Points.Count);
        Assert.Equal("1 measured while the read ceiling was another", set.LeftOut);
    }

    [Fact]
    public void RecordsOfDifferentDevicesAreRefused()
    {
        RunRecord other = s_record with { Device = s_record.Device with { Name = "Another CPU" } };
        InputException mixture = Assert.Throws<InputException>(() => CalibrationSet.Of([s_record, other]));
        Assert.Contains("the device: 'Some CPU' and 'Another CPU'", mixture.Message, StringComparison.Ordinal);

        RunRecord kernels = s_record with { Device = s_record.Device with { Detail = "AVX2" } };
        mixture = Assert.Throws<InputException>(() => CalibrationSet.Of([s_record, kernels]));
        Assert.Contains("kernels: 'not said' and 'AVX2'", mixture.Message, StringComparison.Ordinal);

        PointRecord halves = s_record.Points[0] with { TensorParallel = 2 };
        mixture = Assert.Throws<InputException>(() =>
            CalibrationSet.Of([s_record, s_record with { Points = [halves] }])
        );
        Assert.Contains("one number of devices", mixture.Message, StringComparison.Ordinal);
    }
}
