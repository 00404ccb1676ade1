using GpuDecodeBench.Measurement.Runs;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Measurement.Tests.Runs;

/// <summary>A whole model's step from some of its layers.</summary>
public sealed class FullDepthEstimateTests
{
    [Fact]
    public void LayersOfOneShapeTakeTheSameTimeEach()
    {
        DecodeStepPlan plan = Plan("llama-3.1-8b", layers: 4);
        // Outside the layers 2 s, in each layer 3 s: 2 + 32 × 3.
        FullDepthEstimate estimate = Estimate(plan, 2, _ => 3);
        Assert.Equal(98, estimate.Seconds, 1e-9);
        Assert.Equal(2 + (32 * 3 * 11.0 / 12), estimate.Ci95LowSeconds!.Value, 1e-9);
        Assert.True(estimate.IsExtrapolated);
    }

    /// <summary>Operations of 14 s, 2 of them outside the layers: in a step of 7 s the layers take 6, not 5, and in one of 1 s they still take most.</summary>
    [Theory]
    [InlineData(14)]
    [InlineData(7)]
    [InlineData(1)]
    public void StepsThatWereSlowWhileOperationsWereTimedDoNotMakeTheWholeModelFaster(double median)
    {
        DecodeStepPlan plan = Plan("llama-3.1-8b", layers: 4);
        FullDepthEstimate estimate = FullDepthEstimate.Of(plan, Statistics(median), Seconds(plan, 2, _ => 3));
        Assert.Equal(median * (2 + (32 * 3)) / (2 + (4 * 3)), estimate.Seconds, 1e-9);
    }

    /// <summary>What held up a tenth of the time of four layers and the LM head holds up a tenth of that of all layers and the LM head.</summary>
    [Fact]
    public void TheMeanIsAsFarAboveTheMedianAsItWasMeasured()
    {
        DecodeStepPlan plan = Plan("llama-3.1-8b", layers: 4);
        StepStatistics statistics = Statistics(14) with { Mean = 15.4 };
        FullDepthEstimate estimate = FullDepthEstimate.Of(plan, statistics, Seconds(plan, 2, _ => 3));
        Assert.Equal(98, estimate.Seconds, 1e-9);
        Assert.Equal(98 * 1.1, estimate.MeanSeconds, 1e-9);
    }

    /// <summary>What is in no operation is between those of the layers, which are nearly all.</summary>
    [Fact]
    public void TimeThatIsInNoOperationIsTheLayers()
    {
        DecodeStepPlan plan = Plan("llama-3.1-8b", layers: 4);
        FullDepthEstimate estimate = FullDepthEstimate.Of(plan, Statistics(18), Seconds(plan, 2, _ => 3));
        Assert.Equal(2 + (16 * 32 / 4), estimate.Seconds, 1e-9);
    }

    [Fact]
    public void LayersTakeTheTimeOfThoseOfTheirOwnShape()
    {
        // Three dense layers of 5 s, one with experts of 7 s, of 3 and 58: not their bytes decide.
        DecodeStepPlan plan = Plan("deepseek-v3", layers: 4);
        FullDepthEstimate estimate = Estimate(plan, 1, layer => layer < 3 ? 5 : 7);
        Assert.Equal(1 + (3 * 5) + (58 * 7), estimate.Seconds, 1e-9);
    }

    [Fact]
    public void AShapeThatWasNotRunTakesTheTimeOfItsBytes()
    {
        DecodeStepPlan plan = Plan("deepseek-v3", layers: 3);
        DecodeStepPlan whole = plan.WithLayers(null);
        double Bytes(Func<int, bool> layers) =>
            whole.Operations.Where(o => o.Layer is int layer && layers(layer)).Sum(o => (double)o.CompulsoryReadBytes);
        FullDepthEstimate estimate = Estimate(plan, 0, _ => 2);
        Assert.Equal(6 * Bytes(_ => true) / Bytes(layer => layer < 3), estimate.Seconds, 1e-9);
    }

    /// <summary>A run that was ended before its first step with timed operations: no time is no reason to repeat the LM head in each layer.</summary>
    [Fact]
    public void WithoutTimedOperationsBytesDecideAndWhatIsOutsideStaysOnce()
    {
        DecodeStepPlan plan = Plan("llama-3.1-8b", layers: 4);
        DecodeStepPlan whole = plan.WithLayers(null);
        FullDepthEstimate estimate = FullDepthEstimate.Of(plan, Statistics(12), new double[plan.Operations.Length]);
        double expected = 12.0 * whole.Totals.CompulsoryReadBytes / plan.Totals.CompulsoryReadBytes;
        Assert.Equal(expected, estimate.Seconds, 1e-9);
    }

    [Fact]
    public void AllLayersAreTheMedianItself()
    {
        FullDepthEstimate estimate = Estimate(Plan("tiny", layers: null), 1, _ => 1);
        Assert.False(estimate.IsExtrapolated);
        Assert.Equal(1 + ModelCatalogue.Find("tiny").Layers.Length, estimate.Seconds, 1e-9);
    }

    private static DecodeStepPlan Plan(string model, int? layers) =>
        DecodeStepPlan.Create(
            ModelCatalogue.Find(model),
            StepConditions.Uniform(
                new StepFormats
                {
                    Weights = WeightFormat.Bf16,
                    LmHead = WeightFormat.Bf16,
                    Kv = KvFormat.Bf16,
                    Activations = ActivationFormat.Fp32,
                },
                batch: 1,
                contextTokens: 512
            ),
            layers
        );

    private static FullDepthEstimate Estimate(DecodeStepPlan plan, double outside, Func<int, double> layerSeconds)
    {
        double[] seconds = Seconds(plan, outside, layerSeconds);
        double median = seconds.Sum();
        StepStatistics statistics = Statistics(median) with { Ci95Low = outside + ((median - outside) * 11 / 12) };
        return FullDepthEstimate.Of(plan, statistics, seconds);
    }

    /// <summary>A step whose first operation takes the time outside the layers and whose layers take theirs at their first one.</summary>
    private static double[] Seconds(DecodeStepPlan plan, double outside, Func<int, double> layerSeconds)
    {
        var seconds = new double[plan.Operations.Length];
        seconds[0] = outside;
        for (int layer = 0; layer < plan.Layers; layer++)
        {
            seconds[plan.Operations.First(operation => operation.Layer == layer).Index] = layerSeconds(layer);
        }

        return seconds;
    }

    private static StepStatistics Statistics(double median) =>
        new()
        {
            Median = median,
            Mean = median,
            P5 = median,
            P95 = median,
            P99 = median,
            StdDev = 0,
            Count = 9,
            Ci95Low = median,
            Ci95High = median,
            StopReason = "converged",
        };
}
