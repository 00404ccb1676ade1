using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Tables;

namespace GpuDecodeBench.Reporting.Tests;

public sealed class TuningTableTests
{
    [Fact]
    public void ARunThatTriedNothingHasNoTable()
    {
        Assert.Null(TuningTable.From(TestRuns.Mixed()));
        RunRecord none = TestRuns.Tuned();
        Assert.Null(TuningTable.From(none with { Tuning = none.Tuning! with { Shapes = [] } }));
    }

    [Fact]
    public void EveryShapeIsThereForMachinesWithBothTimes()
    {
        string[] lines = Render
            .Csv(TuningTable.From(TestRuns.Tuned())!)
            .Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, lines.Length);
        Assert.Contains("guessSeconds", lines[0], StringComparison.Ordinal);
        Assert.Contains("1.85E-05", lines[1], StringComparison.Ordinal);
        Assert.Contains("\"fma t1, 4 teams a tile\"", lines[1], StringComparison.Ordinal);
    }
}
