using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Tests;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Tests;

public class RooflineTests
{
    [Fact]
    public void AComparisonFollowsFromItsPoint()
    {
        // 14 GB at 4 TB/s are 3.5 ms, and the step took 4 ms. Operations took 2.4, 1.2 and 0.2 ms; 0.2 ms are left.
        PointRecord point = RecordBuilder.Point();
        RooflineComparison comparison = RooflineComparison.Of(RecordBuilder.Gpu(point), point);
        Assert.Equal(0.0035, comparison.Step.PredictedSeconds!.Value, 12);
        Assert.Equal(0.004 / 0.0035, comparison.Step.MeasuredOverPredicted!.Value, 9);
        Assert.Equal(14e9 / 0.004, comparison.Step.AchievedBytesPerSecond!.Value, 0);
        Assert.Equal(0.0002, comparison.RemainderSeconds!.Value, 12);
        Assert.Equal(0.05, comparison.RemainderShare!.Value, 9);

        OperationComparison linear = comparison.Operations[0];
        Assert.Equal(0.6, linear.ShareOfStep!.Value, 12);
        Assert.Equal(0.0024 / (10.5e9 / 4e12), linear.MeasuredOverPredicted!.Value, 9);
        Assert.Equal(10.5e9 / 0.0024, linear.AchievedBytesPerSecond!.Value, 0);
    }

    [Fact]
    public void OperationsThatReadNothingCompulsoryHaveNoRatio()
    {
        PointRecord point = RecordBuilder.Point();
        OperationComparison rope = RooflineComparison.Of(RecordBuilder.Gpu(point), point).Operations[2];
        Assert.Equal("cache", rope.Bound);
        Assert.Null(rope.PredictedSeconds);
        Assert.Null(rope.MeasuredOverPredicted);
        Assert.Null(rope.AchievedBytesPerSecond);
        Assert.NotNull(rope.ShareOfStep);
    }

    [Fact]
    public void ACacheAppendThatReadsEightBytesOfScalesHasNoRatioEither()
    {
        PointRecord point = RecordBuilder.Point();
        OperationRecord append = point.Operations[2] with { KvReadBytes = 8 };
        point = point with { Operations = [append] };
        Assert.Equal("cache", RooflineComparison.Of(RecordBuilder.Gpu(point), point).Operations[0].Bound);
    }

    [Fact]
    public void WithoutCeilingOrTimesThereAreGapsNotZeros()
    {
        PointRecord point = RecordBuilder.Point();
        RunRecord record = RecordBuilder.Gpu(point);
        record = record with
        {
            Ceilings = record.Ceilings with { ReadBytesPerSecond = Figure.Unavailable("notMeasured") },
        };
        point = point with
        {
            RooflineSeconds = null,
            OperationsSecondsOverStep = null,
            Operations = [point.Operations[0] with { RooflineSeconds = null, Bound = null, Seconds = null }],
        };
        RooflineComparison comparison = RooflineComparison.Of(record, point);
        Assert.Null(comparison.Step.MeasuredOverPredicted);
        Assert.Null(comparison.RemainderSeconds);
        Assert.Null(comparison.Operations[0].MeasuredSeconds);
        Assert.Null(comparison.Operations[0].Bound);
        Assert.Null(comparison.Operations[0].ShareOfStep);
    }

    [Fact]
    public void AnOperationWhoseTimeIsNotKnownHasNoFigureAndStandsInTheRemainder()
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
                point.Operations[1] with
                {
                    Seconds = null,
                    Provenance = ProvenanceNote.Unavailable("x"),
                },
                point.Operations[2],
            ],
        };
        RooflineComparison comparison = RooflineComparison.Of(RecordBuilder.Gpu(point), point);
        OperationComparison unknown = comparison.Operations[1];
        Assert.Null(unknown.MeasuredSeconds);
        Assert.Null(unknown.ShareOfStep);
        Assert.Null(unknown.MeasuredOverPredicted);
        Assert.Null(unknown.AchievedBytesPerSecond);
        Assert.NotNull(unknown.PredictedSeconds);
        // 4 ms less 2.4 and 0.2: the attention's 1.2 ms are in no operation whose time is known.
        Assert.Equal(0.0014, comparison.RemainderSeconds!.Value, 12);
        Assert.Equal([true, false, false], comparison.Operations.Select(operation => operation.IsExtrapolated));
    }

    [Fact]
    public void AMissingPredictionIsMadeFromTheRunsCeiling()
    {
        PointRecord point = RecordBuilder.Point() with { RooflineSeconds = null };
        point = point with { Operations = [point.Operations[0] with { RooflineSeconds = null, Bound = null }] };
        RooflineComparison comparison = RooflineComparison.Of(RecordBuilder.Gpu(point), point);
        Assert.Equal(0.0035, comparison.Step.PredictedSeconds!.Value, 12);
        Assert.Equal("memory", comparison.Operations[0].Bound);
        Assert.Equal(10.5e9 / 4e12, comparison.Operations[0].PredictedSeconds!.Value, 12);
    }

    [Fact]
    public void APredictionIsTheSumOverItsOperations()
    {
        DecodeStepPlan plan = Plan("llama-3.1-8b");
        RooflinePrediction prediction = RooflinePrediction.Of(plan, HardwareCatalogue.Find("h200"));
        Assert.Equal(prediction.Step.Seconds, prediction.Operations.Sum(operation => operation.Seconds!.Value), 12);
        Assert.Equal(1, prediction.Operations.Sum(operation => operation.ShareOfStep!.Value), 9);
        Assert.Equal(plan.Operations.Length, prediction.Operations.Sum(operation => operation.Count));
        Assert.Equal("memory", prediction.Step.Bound);

        // At batch 1 memory bounds everything that matters: bytes over 4.8 TB/s.
        Assert.Equal(plan.Totals.CompulsoryReadBytes / 4.8e12, prediction.Step.MemorySeconds, 12);
        Assert.Equal(1 / prediction.Step.Seconds, prediction.TokensPerSecond, 6);
        Assert.Equal(Provenance.Predicted, prediction.Provenance.Kind);
        Assert.Contains("aiconfigurator", prediction.Provenance.Detail, StringComparison.Ordinal);
        Assert.True(prediction.Fits);
        Assert.Equal(1, prediction.DevicesNeeded);
    }

    [Fact]
    public void AModelThatDoesNotFitSaysHowManyDevicesItNeeds()
    {
        // 405.9e9 parameters at two bytes are 811.7 GB; of an H200's 143,771 MiB = 150.8 GB nine tenths are usable, 135.7 GB: 5.98 of
        // them hold the weights, and what six have besides is too little for cache and buffers.
        RooflinePrediction prediction = RooflinePrediction.Of(Plan("llama-3.1-405b"), HardwareCatalogue.Find("h200"));
        Assert.False(prediction.Fits);
        Assert.Equal(7, prediction.DevicesNeeded);
        ProvenanceNote none = PredictionCost.Of(prediction).Unavailable!;
        Assert.Equal("doesNotFit", none.Reason);
        Assert.Matches(
            @"^the step needs 81\d\.\d GB on each device, and .*H200.* has 150\.8 GB, of which 135\.7 GB are usable: give --tensor-parallel 8, or a smaller batch, context or format$",
            none.Detail
        );
    }

    [Fact]
    public void APredictedCostIsPredicted()
    {
        RooflinePrediction prediction = RooflinePrediction.Of(Plan("llama-3.1-8b"), HardwareCatalogue.Find("h200"));
        TokenCost cost = PredictionCost.Of(prediction).Cost!;
        Assert.Equal(Provenance.Predicted, cost.Provenance.Kind);
        Assert.Equal(2.79 / 3600 / (prediction.TokensPerSecond * 0.65) * 1e6, cost.UsdPerMillionTokens, 9);
        Assert.Contains("H200 SXM", cost.Conditions.Describe(), StringComparison.Ordinal);
        Assert.Equal(
            "noPrice",
            PredictionCost
                .Of(RooflinePrediction.Of(Plan("llama-3.1-8b"), HardwareCatalogue.Find("l4")))
                .Unavailable!.Reason
        );
    }

    [Fact]
    public void APlanOfFewerLayersAndADeviceWithoutBandwidthAreRefused()
    {
        HardwareEntry h200 = HardwareCatalogue.Find("h200");
        Assert.Throws<ArgumentException>(() => RooflinePrediction.Of(Plan("llama-3.1-8b").WithLayers(1), h200));
        Assert.Throws<InputException>(() =>
            RooflinePrediction.Of(Plan("llama-3.1-8b"), h200 with { MemoryBytesPerSecond = [] })
        );
    }

    [Theory]
    [InlineData(0, 3, "0")]
    [InlineData(9.996, 3, "10.0")]
    [InlineData(1234567, 3, "1,234,567")]
    [InlineData(-0.0012345, 3, "-0.00123")]
    [InlineData(99.96, 3, "100")]
    [InlineData(1e-20, 3, "1e-20")]
    [InlineData(2.5e18, 3, "2.5e18")]
    public void NumbersKeepTheirSignificantDigits(double value, int digits, string text) =>
        Assert.Equal(text, SignificantDigits.Format(value, digits));

    [Fact]
    public void ASplitStepsOperationsAddUpToItWithWhatTheyWaitForTheLink()
    {
        var prediction = RooflinePrediction.Of(Plan("llama-3.1-70b", 8), HardwareCatalogue.Find("h200"));

        Assert.True(prediction.LinkSeconds > 0.1 * prediction.StepSeconds);
        Assert.Equal(prediction.StepSeconds, prediction.Operations.Sum(operation => operation.Seconds!.Value), 12);
        Assert.Equal(1, prediction.Operations.Sum(operation => operation.ShareOfStep!.Value), 9);
        Assert.Equal(
            prediction.LinkSeconds!.Value,
            prediction
                .Operations.Where(operation => operation.Bound == OperationComparison.LinkBound)
                .Sum(operation => operation.Seconds!.Value),
            6
        );
    }

    [Fact]
    public void OfALinkThatIsNotKnownTheTimeIsNotZero()
    {
        HardwareEntry lonely = HardwareCatalogue.Find("h200") with { LinkBytesPerSecond = [] };
        var prediction = RooflinePrediction.Of(Plan("llama-3.1-70b", 8), lonely);

        Assert.Null(prediction.Operations.Single(operation => operation.Name == "attn_all_reduce").Seconds);
        Assert.Null(prediction.Operations.Single(operation => operation.Name == "attn_all_reduce").ShareOfStep);
    }

    [Fact]
    public void WhatFitsIsWhatFitsTheUsableMemoryAndAScenarioMaySayHowMuchThatIs()
    {
        // 141 GB of weights and 2.7 GB of cache: below the 151 GB of the device, and above 90 % of them.
        var prediction = RooflinePrediction.Of(Plan("llama-3.1-70b"), HardwareCatalogue.Find("h200"));
        Scenario all = ScenarioReader.Parse("values: { usable: 1 }", "a test", "H200 SXM");

        Assert.True(prediction.NeededBytes < prediction.DeviceMemoryBytes);
        Assert.False(prediction.Fits);
        Assert.Equal(2, prediction.DevicesNeeded);
        Assert.Equal("doesNotFit", PredictionCost.Of(prediction).Unavailable!.Reason);
        Assert.Throws<InputException>(() => CostCaseFactory.Of(prediction, ScenarioReader.Default("H200 SXM")));
        Assert.True(prediction.Within(all).Fits);
        Assert.NotEmpty(CostCaseFactory.Of(prediction, all).Inputs);
    }

    [Fact]
    public void APredictionWithoutAnArithmeticRateSaysThatArithmeticIsLeftOut()
    {
        HardwareEntry unknown = HardwareCatalogue.Find("h200") with { Bf16FlopsPerSecond = [] };
        var prediction = RooflinePrediction.Of(Plan("llama-3.1-8b"), unknown);

        Assert.True(prediction.LeavesArithmeticOut);
        Assert.Contains("arithmetic is left out", prediction.Provenance.Detail, StringComparison.Ordinal);
        Assert.Contains(
            "arithmetic is not counted",
            CostCaseFactory
                .Of(prediction, ScenarioReader.Default("H200 SXM"))
                .Inputs.Single(input => input.Symbol == "rate")
                .Name,
            StringComparison.Ordinal
        );
    }

    private static DecodeStepPlan Plan(string model, int devices = 1) =>
        DecodeStepPlan.Create(
            ModelCatalogue.Find(model),
            StepConditions.Uniform(
                new StepFormats
                {
                    Weights = WeightFormat.Bf16,
                    LmHead = WeightFormat.Bf16,
                    Kv = KvFormat.Fp16,
                    Activations = ActivationFormat.Bf16,
                },
                1,
                8192,
                devices
            )
        );
}
