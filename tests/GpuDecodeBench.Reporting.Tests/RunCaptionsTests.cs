using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Tests;

namespace GpuDecodeBench.Reporting.Tests;

/// <summary>What stands under a run's table of how its figures were made.</summary>
public class RunCaptionsTests
{
    [Theory]
    [InlineData(1.2, 1.2, "20.0 % above it")]
    [InlineData(1.2, 2, "from 20.0 % above to 100 % above it")]
    [InlineData(0.9, 1.2, "from 10.0 % below to 20.0 % above it")]
    public void HowFarMeanStepsLieFromTheMedianIsSaidInWords(double first, double second, string said)
    {
        RunRecord record = RecordBuilder.Gpu(
            RecordBuilder.Uneven(RecordBuilder.Point(), first),
            RecordBuilder.Uneven(RecordBuilder.Point(batch: 2), second)
        );
        Assert.Contains(
            RunTable.From(record, TestRuns.Costs(record)).Captions,
            line => line.Contains($"over the mean step, {said}, as", StringComparison.Ordinal)
        );
    }
}
