using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Tests.Physics;

/// <summary>Batches at which something changes, held against the plans of those batches.</summary>
public class CriticalBatchesTests
{
    [Theory]
    [InlineData("llama-3.1-70b", 1, 1, 4096)]
    [InlineData("deepseek-v3", 32, 8, 8000)]
    [InlineData("deepseek-v3", 1, 8, 8000)]
    public void TheCacheTakesMoreReadingThanTheWeightsFromTheBatchThatIsSaid(
        string model,
        int start,
        int devices,
        int context
    )
    {
        int batch = (int)PhysicsTests.Of(PhysicsTests.Plan(start, context, model, devices: devices))["batch_kv"];

        StepTotals before = PhysicsTests.Plan(batch - 1, context, model, devices: devices).Totals;
        StepTotals from = PhysicsTests.Plan(batch, context, model, devices: devices).Totals;
        Assert.True(before.KvReadBytes <= before.WeightReadBytes);
        Assert.True(from.KvReadBytes > from.WeightReadBytes);
    }

    [Theory]
    [InlineData("llama-3.1-70b", 1)]
    [InlineData("deepseek-v3", 8)]
    public void ProductsAreBoundByArithmeticFromTheBatchThatIsSaidWhateverBatchItIsAskedAt(string model, int devices)
    {
        int batch = (int)PhysicsTests.Of(PhysicsTests.Plan(1, 1024, model, devices: devices))["batch_critical"];

        Assert.Equal(batch, PhysicsTests.Of(PhysicsTests.Plan(32, 1024, model, devices: devices))["batch_critical"]);
        Evaluation before = PhysicsTests.Of(PhysicsTests.Plan(batch - 1, 1024, model, devices: devices));
        Evaluation from = PhysicsTests.Of(PhysicsTests.Plan(batch, 1024, model, devices: devices));
        Assert.True(before["intensity_linear"] < before["ridge"]);
        Assert.True(from["intensity_linear"] >= from["ridge"]);
    }

    [Theory]
    [InlineData("llama-3.2-1b", 4, 300)]
    [InlineData("llama-3.1-70b", 64, 4096)]
    public void TheLargestBatchFitsAndOneMoreDoesNot(string model, int start, int context)
    {
        int batch = (int)PhysicsTests.Of(PhysicsTests.Plan(start, context, model))["batch_max"];

        Assert.True(Predict(batch).Fits);
        Assert.False(Predict(batch + 1).Fits);

        RooflinePrediction Predict(int sequences) =>
            RooflinePrediction.Of(PhysicsTests.Plan(sequences, context, model), HardwareCatalogue.Find("h200"));
    }

    [Fact]
    public void WhereEveryBatchThatIsPlannedFitsTheLargestIsNotSaid()
    {
        DecodeStepPlan plan = PhysicsTests.Plan(1, 16, "llama-3.2-1b");
        RooflinePrediction most = RooflinePrediction.Of(
            PhysicsTests.Plan(StepConditions.LargestBatch, 16, "llama-3.2-1b"),
            HardwareCatalogue.Find("h200")
        );
        Assert.True(most.Fits);
        Figure batch = PhysicsTests.Of(plan).Figure("batch_max");

        Assert.Null(batch.Value);
        Assert.Contains("every one up to 65536", batch.Provenance.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void WhereNoBatchReachesABoundItIsNotMadeUp()
    {
        // A sequence of one token has a cache of 0.1 MB; 65,536 of them 8.6 GB, and the weights are 70.
        Figure batch = PhysicsTests.Of(PhysicsTests.Plan(1, 1)).Figure("batch_kv");

        Assert.Null(batch.Value);
        Assert.Contains("none up to 65536", batch.Provenance.Detail, StringComparison.Ordinal);
    }
}
