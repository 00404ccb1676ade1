using System.Runtime.CompilerServices;
using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Calibration;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Reporting.Tests;

/// <summary>Tables of a calibration on a kept grid: three weight formats, batch 1, 4 and 16, two contexts.</summary>
public class CalibrationTableTests
{
    private static readonly RunRecord s_record = RunRecordStore.Read(
        Path.Combine(
            Path.GetDirectoryName(ThisFile())!,
            "../../reports/intel-xeon-2-threads/2026-11-29-llama-3.1-8b-4-layers-grid.json"
        )
    );

    private static readonly CalibrationReport s_report = CalibrationReport.Of(CalibrationSet.Of([s_record]));

    [Fact]
    public void ParametersHaveARowForEveryMeasuredIntensity()
    {
        ResultTable table = CalibrationTable.Parameters(s_report);

        // Three formats at three batches, one intensity of attention, and seven kinds that stream nothing.
        Assert.Equal(3 * 3, Rows(table, "linear").Count());
        Assert.Single(Rows(table, "attention"));
        Assert.Equal(9 + 1 + 7, table.Rows.Count);
        IReadOnlyList<ResultCell> bf16 = Rows(table, "linear").First(row => row[1].Text == "bf16");
        Assert.Equal("1", bf16[2].Text);
        Assert.InRange(double.Parse(bf16[4].Exact), 25e9, 30e9);
        AssertFits(table);
    }

    [Fact]
    public void LeaveOneOutShowsPredictedMeasuredAndCalibratedOfEveryPoint()
    {
        ResultTable table = CalibrationTable.LeaveOneOut(s_report);
        Assert.Equal(18, table.Rows.Count);
        string[] names = [.. table.Columns.Select(column => column.CsvName)];
        Assert.Equal(
            ["rooflineSeconds", "measuredSeconds", "calibratedSeconds", "error"],
            names.Skip(Array.IndexOf(names, "rooflineSeconds")).Take(4)
        );
        Assert.All(table.Rows, row => Assert.All(row, cell => Assert.NotEqual(ResultCell.Dash, cell.Text)));
        Assert.Contains(table.Captions, line => line.Contains("18 of 18 points were off by", StringComparison.Ordinal));
        AssertFits(table);
    }

    [Fact]
    public void ARooflineHasItsCalibratedColumnOnlyWhereThereIsACalibration()
    {
        PointRecord point = s_record.Points[0];
        var comparison = RooflineComparison.Of(s_record, point);
        ResultTable plain = RooflineTable.From(comparison);
        ResultTable calibrated = RooflineTable.From(comparison, s_report.PredictMeasured(s_record, point));
        Assert.DoesNotContain(plain.Columns, column => column.CsvName == "calibratedSeconds");
        int index = calibrated.Columns.ToList().FindIndex(column => column.CsvName == "calibratedSeconds");
        Assert.All(calibrated.Rows, row => Assert.NotEqual("", row[index].Exact));
        AssertFits(calibrated);
    }

    [Fact]
    public void APredictionShowsItsConditionsItsErrorAndWhatIsKnownOfEachOperation()
    {
        var prediction = CalibratedPrediction.Of(
            s_report,
            ModelCatalogue.Find("llama-3.1-8b"),
            new StepFormats
            {
                Weights = WeightFormat.Int4,
                LmHead = WeightFormat.Bf16,
                Kv = KvFormat.Bf16,
                Activations = ActivationFormat.Bf16,
            },
            batch: 32,
            contextTokens: 3000
        );
        ResultTable table = CalibratedTable.From(prediction);
        int known = table.Columns.ToList().FindIndex(column => column.CsvName == "known");
        Assert.All(RowsOfKind(table, "linear"), row => Assert.Equal("beyond", row[known].Text));
        Assert.All(RowsOfKind(table, "attention"), row => Assert.Equal("measured", row[known].Text));
        string captions = string.Join('\n', table.Captions);
        foreach (
            string part in (string[])
                [
                    "llama-3.1-8b, int4 weights, bf16 LM head, bf16 KV; context 3000; batch 32 at 100 % utilisation; 1 × Intel",
                    "a batch that was not measured",
                    "The roofline of the measured ceilings allows",
                    "Provenance: extrapolated (calibrated on 18 measured points",
                ]
        )
        {
            Assert.Contains(part, captions, StringComparison.Ordinal);
        }

        AssertFits(table);
    }

    private static IEnumerable<IReadOnlyList<ResultCell>> Rows(ResultTable table, string kind, int column = 0) =>
        table.Rows.Where(row => row[column].Text == kind);

    private static IEnumerable<IReadOnlyList<ResultCell>> RowsOfKind(ResultTable table, string kind) =>
        Rows(table, kind, table.Columns.ToList().FindIndex(column => column.CsvName == "kind"));

    private static void AssertFits(ResultTable table) =>
        Assert.All(Render.Table(table).Split('\n'), line => Assert.True(line.Length <= 80, line));

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
