using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Tests;

namespace GpuDecodeBench.Reporting.Tests;

public class RooflineTableTests
{
    [Fact]
    public void AnOperationInWhichNoTimePassedHasNoFigureAndIsNamed()
    {
        PointRecord point = RecordBuilder.Point();
        point = point with
        {
            Operations = [point.Operations[0] with { Seconds = null }, .. point.Operations.Skip(1)],
            Warnings = ["operationTimesUncertain"],
        };
        ResultTable table = RooflineTable.From(RooflineComparison.Of(RecordBuilder.Gpu(point), point));
        string csv = Render.Csv(table);
        string[] names = csv.Split("\r\n")[0].Split(',');
        string[] cells = csv.Split("\r\n")[1].Split(',');
        foreach (string figure in (string[])["measuredSeconds", "shareOfStep", "achievedBytesPerSecond"])
        {
            Assert.Equal("", cells[Array.IndexOf(names, figure)]);
        }

        Assert.Contains(
            table.Captions,
            line => line.StartsWith("Not known: the times of gate_up_proj,", StringComparison.Ordinal)
        );
        Assert.Contains(
            table.Captions,
            line => line.Contains("the clock saw no time pass in some", StringComparison.Ordinal)
        );
        Assert.Contains(
            table.Captions,
            line => line.EndsWith("is in no operation whose time is known.", StringComparison.Ordinal)
        );
        RunRecord record = RecordBuilder.Gpu(point);
        Assert.DoesNotContain(
            "gate_up_proj",
            RunSummary.Write(record, TestRuns.Costs(record)),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void AnExtrapolatedTimeIsNamedAsOne()
    {
        PointRecord point = RecordBuilder.Point();
        point = point with
        {
            Operations =
            [
                point.Operations[0] with
                {
                    Provenance = ProvenanceNote.Extrapolated("31 of 32 seen"),
                },
                .. point.Operations.Skip(1),
            ],
        };
        ResultTable table = RooflineTable.From(RooflineComparison.Of(RecordBuilder.Gpu(point), point));
        Assert.Contains(
            table.Captions,
            line => line.StartsWith("Extrapolated: the times of gate_up_proj,", StringComparison.Ordinal)
        );
        Assert.DoesNotContain(table.Captions, line => line.StartsWith("Not known:", StringComparison.Ordinal));
    }
}
