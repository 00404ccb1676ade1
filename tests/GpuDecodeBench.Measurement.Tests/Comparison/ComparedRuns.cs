using GpuDecodeBench.Measurement.Comparison;
using GpuDecodeBench.Records;
using GpuDecodeBench.Tests;

namespace GpuDecodeBench.Measurement.Tests.Comparison;

/// <summary>Runs whose samples scatter by 1 % around a given time, beside a given read ceiling.</summary>
internal static class ComparedRuns
{
    public const double Ceiling = RecordBuilder.ReadCeiling;

    /// <summary>A point of 40 samples.</summary>
    public static PointRecord Point(
        double seconds,
        int seed,
        double ceiling = Ceiling,
        string weights = "bf16",
        int batch = 1,
        double deviation = 0.01
    )
    {
        double[] samples = new Random(seed).Steady(40, seconds, deviation);
        double median = new Measurement.Statistics.SampleStatistics(samples).Median.MedianSeconds;
        PointRecord point = RecordBuilder.Point(weights, batch: batch, seconds: median);
        return point with
        {
            SamplesSeconds = samples,
            ReadCeilingBytesPerSecond = ceiling,
            MbuOfCeiling = point.AchievedBytesPerSecond / ceiling,
        };
    }

    public static ComparisonSide Side(string name, params PointRecord[] points) =>
        new(name, [new ComparisonRun(name, RecordBuilder.Gpu(points))]);

    /// <summary>A side of several runs, one for each point, a day apart.</summary>
    public static ComparisonSide Runs(string name, params PointRecord[] points) =>
        new(name, [.. points.Select((point, i) => Run($"{name}/{i}", i, point))]);

    public static ComparisonRun Run(string name, double day, params PointRecord[] points)
    {
        RunRecord record = RecordBuilder.Gpu(points);
        return new ComparisonRun(name, record with { StartedUtc = record.StartedUtc.AddDays(day) });
    }

    /// <summary>The one comparison of two sides.</summary>
    public static PointComparison Compare(
        ComparisonSide baseline,
        ComparisonSide other,
        ComparisonOptions? options = null
    ) => Assert.Single(RecordComparer.Compare(baseline, [other], options ?? new ComparisonOptions()).Points);
}
