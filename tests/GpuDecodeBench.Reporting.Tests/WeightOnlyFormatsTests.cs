using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Tests;

namespace GpuDecodeBench.Reporting.Tests;

/// <summary>Whoever compares with a server is told where its arithmetic may be another.</summary>
public class WeightOnlyFormatsTests
{
    [Theory]
    [InlineData("fp8", 16, true)]
    [InlineData("nvfp4", 64, true)]
    [InlineData("int8", 15, false)]
    [InlineData("bf16", 64, false)]
    [InlineData("int4", 64, false)]
    public void ARunSaysSoWhereFormatsThatOthersComputeInMeetALargeBatch(string weights, int batch, bool isSaid)
    {
        RunRecord record = RecordBuilder.Gpu(RecordBuilder.Point(weights, batch: batch));
        Assert.Equal(isSaid, Says(RunTable.From(record, TestRuns.Costs(record))));
    }

    [Fact]
    public void AComparisonSaysSoOfItsRows()
    {
        ComparisonRow[] rows = [TestComparisons.Rows[0] with { Weights = "fp8", Batch = 32 }];
        Assert.Contains(ComparisonCaptions.Of([], rows, []), IsSaid);
        Assert.DoesNotContain(ComparisonCaptions.Of([], [rows[0] with { Batch = 8 }], []), IsSaid);
    }

    private static bool Says(ResultTable table) => table.Captions.Any(IsSaid);

    private static bool IsSaid(string line) => line.Contains("W8A8", StringComparison.Ordinal);
}
