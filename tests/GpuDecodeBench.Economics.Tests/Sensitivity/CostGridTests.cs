using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Economics.Sensitivity;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Tests.Sensitivity;

public class CostGridTests
{
    [Fact]
    public void EveryPointIsCrossedWithEveryValueThatIsSwept()
    {
        IReadOnlyList<GridPoint> points = Grid(["h100", "h200"], ("util", [0.25, 0.5]), ("software_fee", [0, 1, 2]));

        Assert.Equal(2 * 2 * 3, points.Count);
        GridPoint half = points.Single(point =>
            point.Prediction.Hardware.Name == "H200 SXM"
            && point.Utilization == 0.5
            && point.Swept["software_fee"].Value == 1
        );
        GridPoint quarter = points.Single(point =>
            point.Prediction.Hardware.Name == "H200 SXM"
            && point.Utilization == 0.25
            && point.Swept["software_fee"].Value == 1
        );
        // The rent of an hour falls on half as many tokens.
        Assert.Equal(
            2 * half.Figure(CostLayers.Total.TokenSymbol).Value!.Value,
            quarter.Figure(CostLayers.Total.TokenSymbol).Value!.Value,
            1e-9
        );
    }

    [Fact]
    public void APointThatDoesNotFitStaysAndSaysSo()
    {
        // 16 GB of weights and 1000 × 0.27 GB of cache.
        IReadOnlyList<GridPoint> points = Grid(["h200"], [1, 1000], ScenarioReader.Default);

        Assert.Null(points[0].Problem);
        Assert.Contains("Batch 1000 at context 2048 needs", points[1].Problem, StringComparison.Ordinal);
        Assert.Null(points[1].Figure(CostLayers.Total.TokenSymbol).Value);
    }

    [Fact]
    public void ADeviceWithoutAPriceStaysAndSaysSo() =>
        Assert.Contains("rent", Grid(["l4"])[0].Problem, StringComparison.Ordinal);

    [Fact]
    public void RegionsAreSweptByName()
    {
        IReadOnlyList<GridPoint> points = Grid(["h200"], [1], Owned, (Sweep.Region, []));

        Assert.Equal(AssumptionCatalogue.Regions.Order(), points.Select(point => point.Region!).Order());
    }

    [Fact]
    public void ValuesThatMakeNoSenseAndGridsThatAreTooLargeAreRefused()
    {
        Assert.Contains(
            "cannot be 1.5",
            Assert.Throws<InputException>(() => Grid(["h200"], ("util", [1.5]))).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "'luck' is no input",
            Assert.Throws<InputException>(() => Grid(["h200"], ("luck", [1]))).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "101 points",
            Assert
                .Throws<InputException>(() =>
                    Grid(["h200"], ("util", [.. Enumerable.Range(1, 101).Select(i => i / 101.0)]))
                )
                .Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("region", "part of the rent")]
    [InlineData("years", "part of the rent")]
    [InlineData("busy_fraction", "what counts is util, rent")]
    public void ASweepThatWouldRepeatOneFigureIsRefused(string symbol, string why)
    {
        InputException refused = Assert.Throws<InputException>(() =>
            Grid(["h100", "h200"], (symbol, symbol == Sweep.Region ? [] : [0.4, 0.5]))
        );

        Assert.Contains($"--sweep '{symbol}' has no effect", refused.Message, StringComparison.Ordinal);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AShareThatWasWorkedIntoAnInputCannotBeSweptAndSaysWhereItIsAccepted() =>
        Assert.Contains(
            "p_busy was made of it; give it in a scenario file",
            Assert.Throws<InputException>(() => Grid(["h200"], [1], Owned, ("busy_fraction", [0.4, 0.5]))).Message,
            StringComparison.Ordinal
        );

    private static Scenario Owned(string device) => ScenarioReader.Parse("{ownership: owned}", "owned", device);

    private static IReadOnlyList<GridPoint> Grid(
        string[] gpus,
        params (string Symbol, IReadOnlyList<double> Values)[] sweeps
    ) => Grid(gpus, [1], ScenarioReader.Default, sweeps);

    private static IReadOnlyList<GridPoint> Grid(
        string[] gpus,
        int[] batches,
        Func<string, Scenario> scenarioOf,
        params (string Symbol, IReadOnlyList<double> Values)[] sweeps
    ) =>
        CostGrid.Of(
            [
                .. from batch in batches
                from gpu in gpus
                select RooflinePrediction.Of(Plan(batch), HardwareCatalogue.Find(gpu)),
            ],
            prediction => scenarioOf(prediction.Hardware.Name),
            sweeps,
            100
        );

    private static DecodeStepPlan Plan(int batch) =>
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
        );
}
