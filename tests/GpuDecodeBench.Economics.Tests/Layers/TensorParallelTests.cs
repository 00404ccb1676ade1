using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Tests;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Tests.Layers;

public class TensorParallelTests
{
    /// <summary>
    /// Two devices, one sequence: each of the 64 all-reduces of llama-3.1-8b sends 2 × 1/2 × 4096 × 2 bytes, the choice of the token 8 bytes;
    /// over 0.7 of 450 GB/s, and 65 exchanges of 4.8 µs: two devices read all of it at once.
    /// </summary>
    private const double TwoDevicesLinkSeconds = (((64 * 8192.0) + 8) / (0.7 * 450e9)) + (65 * 4.8e-6);

    [Fact]
    public void TheLinkIsPartOfThePredictedStep()
    {
        RooflinePrediction prediction = Predict("h200", 2);

        Assert.Equal(TwoDevicesLinkSeconds, prediction.LinkSeconds!.Value, 1e-12);
        Assert.Equal(prediction.Step.Seconds + TwoDevicesLinkSeconds, prediction.StepSeconds, 1e-12);
        Assert.Equal(1 / prediction.StepSeconds, prediction.TokensPerSecond, 1e-9);
        Assert.Equal(0, Predict("h200", 1).LinkSeconds);
    }

    [Fact]
    public void ALinkThatIsNotKnownIsSaidNotToBeCounted()
    {
        RooflinePrediction prediction = Predict("4090", 2);

        Assert.Null(prediction.LinkSeconds);
        Assert.Equal(prediction.Step.Seconds, prediction.StepSeconds);
        Assert.Contains("not known and not counted", prediction.Provenance.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void ThePricedRateFollowsFromOperationsAndLinkWithTheScenariosLatency()
    {
        RooflinePrediction prediction = Predict("h200", 2);
        Scenario scenario = ScenarioReader.Parse("values: { link_latency: 30 }", "slow links", "H200 SXM");
        CostStack stack = CostStack.Create(CostCaseFactory.Of(prediction, scenario), scenario);

        // 65 exchanges take 25.2 µs more each.
        double seconds = prediction.StepSeconds + (65 * 25.2e-6);
        Assert.Equal(1 / seconds, stack.Evaluation["rate"], 1e-6);
        Assert.Contains(stack.Evaluation.Explain("rate"), line => line.Symbol == "t_link" && line.Formula is not null);
    }

    [Fact]
    public void AMeasuredStepIsCarriedOverByItsBytesAndTheLink()
    {
        PointRecord point = RecordBuilder.Point(seconds: 0.005) with { Power = Figure.Measured(400) };
        TensorProjection projection = TensorProjection.Of(RecordBuilder.Gpu(point), point, 2);
        PointRecord two = projection.ToPoint();

        // Half of the bytes but for the norms, which each device reads whole: 65 vectors of 4096 bf16 among 15 GB. FP32 activations.
        Assert.InRange(projection.ByteShare, 0.5, 0.5001);
        double link = (((64 * 16384.0) + 8) / (0.7 * 450e9)) + (65 * 4.8e-6);
        Assert.Equal((0.005 * projection.ByteShare) + link, two.FullStepSeconds, 1e-12);
        Assert.Equal(1 / two.FullStepSeconds, two.TokensPerSecond, 1e-6);
        Assert.Equal(Provenance.Extrapolated, RecordCost.TokensPerSecondProvenanceOf(two).Kind);
        Assert.Equal(Provenance.Extrapolated, two.Power.Provenance.Kind);

        Scenario scenario = ScenarioReader.Default("H200 SXM");
        CostStack stack = CostStack.Create(CostCaseFactory.Of(projection, scenario), scenario);
        Assert.Equal(two.TokensPerSecond, stack.Evaluation["rate"], 1e-6);
        Assert.Equal(2, stack.Conditions.Hardware.Count);
        Assert.Equal(Provenance.Extrapolated, stack.Total.UsdPerMillionTokens.Provenance.Kind);
    }

    [Theory]
    [InlineData(1, 15.04)] // 13.96 of products, 1.07 of attention to 2048.5 tokens, and little else
    [InlineData(2, 15.04)]
    [InlineData(3, null)] // 32 heads do not divide
    public void AnInputTokensWorkIsThatOfTheDevicesThatWereMeasured(int devices, double? billions)
    {
        PointRecord point = RecordBuilder.Point() with { TensorParallel = devices, Context = 4096 };
        Scenario scenario = ScenarioReader.Parse("values: { rent: 2 }", "a rent", "H200 SXM");
        CostCase priced = CostCaseFactory.Of(RecordBuilder.Gpu(point), point, scenario);
        ModelInput work = priced.Inputs.Single(input => input.Symbol == "flop_per_input");

        if (billions is not double expected)
        {
            Assert.Null(work.Value);
            Assert.Contains("does not divide", work.Provenance.Detail, StringComparison.Ordinal);
            return;
        }

        Assert.Equal(expected, work.Value!.Value, 0.02);
        Assert.Equal(
            PrefillWork.FlopsPerToken(Predict("h200", devices, 4096).Plan) * devices / 1e9,
            work.Value!.Value,
            1e-9
        );
    }

    [Fact]
    public void WithoutALinkNothingIsCarriedOver()
    {
        PointRecord point = RecordBuilder.Point();

        InputException problem = Assert.Throws<InputException>(() =>
            TensorProjection.Of(RecordBuilder.Cpu(point), point, 2)
        );

        Assert.Contains("no link between devices of Some CPU is known", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatWasMeasuredOnSeveralDevicesIsNotCarriedFurther()
    {
        PointRecord point = RecordBuilder.Point() with { TensorParallel = 2 };

        InputException problem = Assert.Throws<InputException>(() =>
            TensorProjection.Of(RecordBuilder.Gpu(point), point, 4)
        );

        Assert.Contains("measured on 2 devices", problem.Message, StringComparison.Ordinal);
    }

    private static RooflinePrediction Predict(string gpu, int devices, int context = 1024) =>
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
                    1,
                    context,
                    devices
                )
            ),
            HardwareCatalogue.Find(gpu)
        );
}
