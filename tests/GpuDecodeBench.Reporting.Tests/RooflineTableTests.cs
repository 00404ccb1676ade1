using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Tests;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

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
            RecordedWarnings = ["operationTimesUncertain"],
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
        Assert.Equal(["extrapolated", "measured", "measured", "measured"], Column(table, "measuredProvenance"));
    }

    /// <summary>Rows alone reach a spreadsheet: the caption that says it does not.</summary>
    [Fact]
    public void RowsOfAnInvalidPointSayThatTheyAre()
    {
        PointRecord point = RecordBuilder.Point() with { Valid = false, InvalidReasons = ["threadsWaited"] };
        ResultTable table = RooflineTable.From(RooflineComparison.Of(RecordBuilder.Gpu(point), point));
        Assert.All(Column(table, "valid"), cell => Assert.Equal("false", cell));
        Assert.All(Column(table, "invalidReasons"), cell => Assert.Equal("threadsWaited", cell));
    }

    [Fact]
    public void WhatNoRooflinePredictsIsNotPredictedToTakeNoTime()
    {
        DecodeStepPlan plan = Plan(WeightFormat.Bf16, batch: 1, devices: 1);
        ResultTable table = RooflineTable.From(RooflinePrediction.Of(plan, HardwareCatalogue.Find("h200")));
        int append = Column(table, "operation").IndexOf("kv_append");
        Assert.Equal("", Column(table, "predictedSeconds")[append]);
        Assert.Equal("", Column(table, "shareOfStep")[append]);
        Assert.DoesNotContain("0", Column(table, "predictedSeconds"));
    }

    [Fact]
    public void RowsOfAPredictionSayForMachinesOfWhichStepTheyAre()
    {
        DecodeStepPlan plan = Plan(WeightFormat.Fp8, batch: 4, devices: 2);
        ResultTable table = RooflineTable.From(RooflinePrediction.Of(plan, HardwareCatalogue.Find("h200")));
        AssertConditions(table, "llama-3.1-8b", "fp8", "bf16", "bf16", "4", "2048", "2 × H200 SXM", "32", "32");
    }

    [Fact]
    public void RowsOfAMeasuredPointSayForMachinesOfWhichStepTheyAre()
    {
        PointRecord point = RecordBuilder.Point();
        RunRecord record = RecordBuilder.Gpu(point);
        AssertConditions(
            RooflineTable.From(RooflineComparison.Of(record, point)),
            record.Model.Name,
            point.Weights,
            point.LmHead,
            point.Kv,
            $"{point.Batch}",
            $"{point.Context}",
            "1 × NVIDIA H200",
            $"{point.LayersMeasured}",
            $"{point.LayersTotal}"
        );
    }

    [Fact]
    public void OperationsThatTakeLongerThanTheStepAreNotCalledUnexplained()
    {
        PointRecord point = RecordBuilder.Point();
        double sum = point.Operations.Sum(operation => operation.Seconds!.Value);
        point = point with { StepSeconds = point.StepSeconds with { Median = sum / 1.25 } };
        ResultTable table = RooflineTable.From(RooflineComparison.Of(RecordBuilder.Gpu(point), point));
        Assert.DoesNotContain(table.Captions, line => line.StartsWith("Unexplained", StringComparison.Ordinal));
        string line = Assert.Single(
            table.Captions,
            line => line.Contains("more than the step", StringComparison.Ordinal)
        );
        Assert.Contains("(25.0 %)", line, StringComparison.Ordinal);
        Assert.DoesNotContain("-", line, StringComparison.Ordinal);
    }

    private static DecodeStepPlan Plan(WeightFormat weights, int batch, int devices) =>
        DecodeStepPlan.Create(
            ModelCatalogue.Find("llama-3.1-8b"),
            StepConditions.Uniform(
                new StepFormats
                {
                    Weights = weights,
                    LmHead = WeightFormat.Bf16,
                    Kv = KvFormat.Bf16,
                    Activations = ActivationFormat.Bf16,
                },
                batch,
                contextTokens: 2048,
                devices
            )
        );

    private static void AssertConditions(ResultTable table, params string[] expected)
    {
        string[] names =
        [
            "model",
            "weights",
            "lmHead",
            "kv",
            "batch",
            "contextTokens",
            "hardware",
            "layers",
            "layersTotal",
        ];
        foreach ((string name, string value) in names.Zip(expected))
        {
            Assert.All(Column(table, name), cell => Assert.Equal(value, cell));
        }
    }

    private static List<string> Column(ResultTable table, string name)
    {
        string[][] rows = [.. Render.Csv(table).TrimEnd().Split("\r\n").Select(line => line.Split(','))];
        int index = Array.IndexOf(rows[0], name);
        return [.. rows.Skip(1).Select(row => row[index])];
    }
}
