using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Levers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Tests.Levers;

public class BeyondMemoryTests
{
    private static readonly Scenario Rented = ScenarioReader.Default("H200 SXM");

    [Fact]
    public void ACacheLargerThanTheMemoryHasThreeWays()
    {
        (IStepSource source, Evaluation physics) = Step("llama-3.1-8b", 16, 131072);
        IReadOnlyList<BeyondMemory> ways = BeyondMemoryOptions.Of(source, physics, Rented);

        // 16 GB of weights and 16 × 131072 × 131,072 bytes = 275 GB of cache, 291 GB in all; 90 % of 151 GB are 136: two devices hold
        // 146 each, four hold 73.
        Assert.Equal(["devices", "flash", "sparse"], ways.Select(way => way.Id));
        Assert.Equal(4, ways[0].Devices);
        // 155 GB beyond memory at 12 GB/s, and a tenth of them.
        double over = physics["kv_over"];
        Assert.InRange(over, 154, 156);
        Assert.Equal(over / 12, ways[1].Seconds!.Value, 1e-9);
        Assert.Equal(over / 120, ways[2].Seconds!.Value, 1e-9);
        // The same hour falls on tokens that are made ten times as slowly.
        Assert.Equal(10 * ways[2].UsdPerMillionTokens!.Value, ways[1].UsdPerMillionTokens!.Value, 1e-6);
    }

    [Fact]
    public void FlashThatDoesNotHoldTheCacheIsNoWay()
    {
        // 512 sequences of 17.2 GB are 8.8 TB of cache, and 8 TB of flash are assumed.
        (IStepSource source, Evaluation physics) = Step("llama-3.1-8b", 512, 131072);
        IReadOnlyList<BeyondMemory> ways = BeyondMemoryOptions.Of(source, physics, Rented);

        foreach (BeyondMemory way in ways.Skip(1))
        {
            Assert.Null(way.Seconds);
            Assert.Null(way.UsdPerMillionTokens);
            Assert.Contains("nand_offload", way.Note, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void WeightsThatDoNotFitAreNotHelpedByFlashForTheCache()
    {
        (IStepSource source, Evaluation physics) = Step("llama-3.1-405b", 1, 1024);
        IReadOnlyList<BeyondMemory> ways = BeyondMemoryOptions.Of(source, physics, null);

        Assert.Equal(8, ways[0].Devices);
        Assert.Null(ways[1].Seconds);
        Assert.Contains("weights alone", ways[1].Note, StringComparison.Ordinal);
    }

    [Fact]
    public void AStepThatFitsNeedsNone()
    {
        (IStepSource source, Evaluation physics) = Step("llama-3.1-8b", 1, 1024);

        Assert.Empty(BeyondMemoryOptions.Of(source, physics, Rented));
    }

    private static (IStepSource Source, Evaluation Physics) Step(string model, int batch, int context)
    {
        var formats = new StepFormats
        {
            Weights = WeightFormat.Bf16,
            LmHead = WeightFormat.Bf16,
            Kv = KvFormat.Bf16,
            Activations = ActivationFormat.Bf16,
        };
        var plan = DecodeStepPlan.Create(ModelCatalogue.Find(model), StepConditions.Uniform(formats, batch, context));
        var source = new PredictedSteps(RooflinePrediction.Of(plan, HardwareCatalogue.Find("h200")));
        return (source, StepPhysics.Of(source, Rented));
    }
}
