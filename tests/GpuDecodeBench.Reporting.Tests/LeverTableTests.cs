using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Levers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Economics.Sensitivity;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Reporting.Tests;

/// <summary>Tables whose numbers rest on assumptions that change: what they must say, not what the numbers are.</summary>
public class LeverTableTests
{
    private static readonly Scenario Owned = ScenarioReader.Parse("ownership: owned", "owned", "H200 SXM");
    private static readonly LeverAnalysis Analysis = LeverAnalysis.Of(new PredictedSteps(Predict(8)), Owned);

    [Fact]
    public void EveryTableFitsATerminalOf80ColumnsAndNamesTheConditions()
    {
        ResultTable[] tables =
        [
            LeverTable.Alone(Analysis),
            LeverTable.Together(Analysis, explain: true),
            PowerTable.From(PowerSplit.Of(new PredictedSteps(Predict(8)), Owned)!, explain: true),
            CostGridTable.From(Grid(), "Cost of llama-3.1-8b, predicted", CostLayers.Parts),
        ];
        Assert.All(
            tables,
            table =>
            {
                string text = Render.Table(table);
                Assert.All(text.Split('\n'), line => Assert.True(line.Length <= 80, line));
                Assert.Contains("llama-3.1-8b", text, StringComparison.Ordinal);
                Assert.Contains("H200 SXM", Render.Csv(table) + text, StringComparison.Ordinal);
            }
        );
    }

    [Fact]
    public void MachinesReadWhatALeverChangesSavesAndWhyItCannotBePulled()
    {
        string csv = Render.Csv(LeverTable.Alone(Analysis));

        Assert.StartsWith("lever,change,allChanges,secondsPerToken,", csv, StringComparison.Ordinal);
        Assert.Contains(",saving,savingRange,savingLow,savingHigh,provenance,problem", csv, StringComparison.Ordinal);
        Assert.Contains("weights-int4,weights bf16 → int4,weights bf16 → int4,0.00", csv, StringComparison.Ordinal);
        Assert.StartsWith("base,", csv.Split("\r\n")[1], StringComparison.Ordinal);
    }

    [Fact]
    public void APointWithoutACostSaysWhyToMachines()
    {
        string csv = Render.Csv(CostGridTable.From(Grid(), "a grid", []));

        Assert.Contains(
            "false,,,,Batch 4096 at context 2048 needs",
            csv.Replace("\"", "", StringComparison.Ordinal),
            StringComparison.Ordinal
        );
    }

    private static IReadOnlyList<GridPoint> Grid() =>
        CostGrid.Of([Predict(1), Predict(4096)], _ => Owned, [("years", [2, 4])], 10);

    private static RooflinePrediction Predict(int batch) =>
        RooflinePrediction.Of(
            DecodeStepPlan.Create(
                ModelCatalogue.Find("llama-3.1-8b"),
                StepConditions.Uniform(
                    new StepFormats
                    {
                        Weights = WeightFormat.Bf16,
                        LmHead = WeightFormat.Bf16,
                        Kv = KvFormat.Bf16,
                        Activations = ActivationFormat.Bf16,
                    },
                    batch,
                    2048
                )
            ),
            HardwareCatalogue.Find("h200")
        );
}
