using System.Globalization;
using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Tests;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Tests.Decisions;

public class ChooserTests
{
    [Theory]
    // 12 ms of roofline at 60 %, and 0.5 ms on the link.
    [InlineData("t_token", 20.5)]
    // 41 tokens each 20.5 ms.
    [InlineData("rate", 2000)]
    // 60 + 20 + 1 GB of 0.9 × 100 GB.
    [InlineData("memory_use", 0.9)]
    public void AnEquationGivesWhatIsWorkedByHand(string symbol, double value) =>
        Assert.Equal(
            value,
            Example.Evaluate(
                PredictedCase.Equations,
                ("t_roofline", "ms", 12),
                ("efficiency", "1", 0.6),
                ("t_link", "ms", 0.5),
                ("sequences", "1", 41),
                ("w_held", "GB/GPU", 60),
                ("kv_held", "GB/GPU", 20),
                ("other_held", "GB/GPU", 1),
                ("hbm_size", "GB/GPU", 100),
                ("usable", "1", 0.9),
                ("w_step", "GB/GPU", 60),
                ("kv_step", "GB/GPU", 20),
                ("gpus", "GPU", 1),
                ("hbm_energy", "pJ/bit", 4)
            )[symbol],
            value * 1e-9
        );

    [Theory]
    [InlineData(37, 37, false)]
    [InlineData(64, 64, false)]
    [InlineData(100, 100, true)]
    [InlineData(1000, 100, true)]
    public void TheLargestBatchWithinTheLimitsIsFound(int limit, int batch, bool isCapped) =>
        Assert.Equal((batch, isCapped), BatchSearch.Find(100, b => b <= limit, b => 1.0 / b));

    [Fact]
    public void OfBatchesThatCostTheSameTheSmallestAnswersSoonest()
    {
        // From 32 on arithmetic is the bound and a token costs the same.
        Assert.Equal((32, false), BatchSearch.Find(100, b => b <= 90, b => 1.0 / Math.Min(b, 32)));
        Assert.Equal((41, false), BatchSearch.Find(100, b => b <= 90, b => 1.0 / Math.Min(b, 41)));
        Assert.Equal((990, true), BatchSearch.Find(1000, _ => true, b => 1 + (0.1 / b) + (b < 990 ? 0.01 : 0)));
        Assert.Null(BatchSearch.Find(100, _ => false, _ => 1));
    }

    [Fact]
    public void NoBatchWithinTheLimitsIsCheaperThanTheChosenOne()
    {
        const double Limit = 6;
        Choice choice = Assert.Single(Choose("h200", WeightFormat.Fp8, Limit).Ranked);

        Assert.True(choice.StepMilliseconds.Value <= Limit);
        for (int batch = 1; batch <= 64; batch++)
        {
            var stack = PredictedCase.Price(Predict("h200", WeightFormat.Fp8, batch), Rented("H200 SXM"));
            if (stack.Evaluation[PredictedCase.StepTime] <= Limit)
            {
                Assert.True(
                    stack.Total.UsdPerMillionTokens.Value >= choice.UsdPerMillionTokens.Value * (1 - 1e-3),
                    $"batch {batch} is cheaper than the chosen {choice.Conditions.Batch}"
                );
            }
        }
    }

    [Fact]
    public void TheRooflinesTimeIsTheSameInputHereAndInThePhysics()
    {
        RooflinePrediction prediction = Predict("h200", WeightFormat.Fp8, 8);
        ModelInput physics = PhysicsInputs
            .Of(prediction.Plan, prediction.Hardware.ToSpecification(), [])
            .Single(input => input.Symbol == PhysicsInputs.RooflineTime);
        ModelInput priced = PredictedCase
            .Price(prediction, Rented("H200 SXM"))
            .System.Inputs.Single(input => input.Symbol == PhysicsInputs.RooflineTime);

        Assert.Equal(Provenance.Predicted, priced.Provenance.Kind);
        Assert.Equal((physics.Name, physics.Value), (priced.Name, priced.Value));
        Assert.Equal(physics.Provenance.Detail, priced.Provenance.Detail);
        Assert.Equal(prediction.Step.Seconds * 1e3, priced.Value);
    }

    [Fact]
    public void ChoicesAreRankedAndKeepToMemory()
    {
        ChoiceResult result = Choose("h100,h200,b200", WeightFormat.Bf16, null);

        Assert.Equal(3, result.Ranked.Count);
        double[] costs = [.. result.Ranked.Select(choice => choice.UsdPerMillionTokens.Value!.Value)];
        Assert.Equal(costs.Order(), costs);
        Assert.All(result.Ranked, choice => Assert.True(choice.Stack.Evaluation[PredictedCase.MemoryUse] <= 1));
        // The smallest batch that costs the same to a thousandth as the largest that fits.
        Choice h200 = result.Ranked.Single(choice => choice.Conditions.Hardware.Device == "H200 SXM");
        int chosen = h200.Conditions.Batch;
        int largest = chosen;
        while (At(largest + 1)[PredictedCase.MemoryUse] <= 1)
        {
            largest++;
        }

        double same = 1.001 * Cost(largest);
        Assert.True(Cost(chosen) <= same);
        Assert.True(Cost(chosen - 1) > same);

        static Evaluation At(int batch) =>
            PredictedCase.Price(Predict("h200", WeightFormat.Bf16, batch), Rented("H200 SXM")).Evaluation;

        static double Cost(int batch) => At(batch)[CostLayers.Total.TokenSymbol];
    }

    [Fact]
    public void ALimitThatMustHoldWhenSlowTakesASmallerBatch()
    {
        Choice likely = Choose("h200", WeightFormat.Fp8, 6).Ranked[0];
        Choice sure = Choose("h200", WeightFormat.Fp8, 6, sure: true).Ranked[0];

        Assert.True(likely.SlowStepMilliseconds > 6);
        Assert.True(sure.SlowStepMilliseconds <= 6);
        Assert.True(sure.Conditions.Batch < likely.Conditions.Batch);
    }

    [Theory]
    [InlineData("l40s", WeightFormat.Fp8, null, 1, ExcludedChoice.NoPrice)]
    [InlineData("h200", WeightFormat.Fp8, 0.1, 1, ExcludedChoice.TooSlow)]
    [InlineData("h200", WeightFormat.Fp8, null, 3, ExcludedChoice.CannotSplit)]
    public void WhatIsOutOfTheQuestionSaysWhy(
        string device,
        WeightFormat weights,
        double? limit,
        int devices,
        string code
    )
    {
        ChoiceResult result = Choose(device, weights, limit, devicesTogether: devices);

        Assert.Empty(result.Ranked);
        ExcludedChoice excluded = Assert.Single(result.Excluded);
        Assert.Equal(code, excluded.Code);
        Assert.NotEmpty(excluded.Reason);
    }

    [Fact]
    public void ADeviceWhosePrefillIsNotKnownIsOutOnlyWhereThereIsInput()
    {
        ChoiceRequest request = Request("h200", WeightFormat.Int4, null) with
        {
            Hardware =
            [
                HardwareCatalogue.Find("rtx-5090") with
                {
                    Bf16FlopsPerSecond = [],
                },
                HardwareCatalogue.Find("h200"),
            ],
            ScenarioOf = device => ScenarioReader.Parse("values: { rent: 1 }", "a test", device.Name),
            Demand = new TrafficDemand(1e6, 1e6),
        };
        ChoiceResult both = DeviceChooser.Choose(request with { Demand = new TrafficDemand(1e6, 0) });
        ChoiceResult input = DeviceChooser.Choose(request);

        Assert.Equal(2, both.Ranked.Count);
        Assert.Equal("H200 SXM", Assert.Single(input.Ranked).Conditions.Hardware.Device);
        Assert.Equal(ExcludedChoice.NoInputRate, Assert.Single(input.Excluded).Code);
    }

    [Fact]
    public void AModelThatDoesNotFitOneDeviceIsSplitWhereThereIsALink()
    {
        ChoiceResult result = DeviceChooser.Choose(
            Request("h100,rtx-4090", WeightFormat.Bf16, null) with
            {
                Model = ModelCatalogue.Resolve("llama-3.1-70b"),
                TensorParallel = [1, 4],
                LargestBatch = 8,
                ScenarioOf = device => ScenarioReader.Parse("values: { rent: 1 }", "a test", device.Name),
            }
        );

        Assert.Equal(4, Assert.Single(result.Ranked).Conditions.Hardware.Count);
        // The time on the link is part of the step: 161 exchanges of 4.8 µs (0.773 ms) and what they carry.
        Assert.True(result.Ranked[0].Stack.Evaluation["t_link"] > 0.773);
        Assert.Equal(ExcludedChoice.NoLink, Assert.Single(result.Excluded).Code);
    }

    [Fact]
    public void InEveryScenarioTheLayersAddUpAndTokensTimesTheirCostAreTheHour()
    {
        const int Seed = 11;
        var random = new Random(Seed);
        RooflinePrediction prediction = Predict("h200", WeightFormat.Fp8, 32);
        for (int i = 0; i < 20; i++)
        {
            string ownership = random.Next(2) == 0 ? "owned" : "rented";
            string values = string.Create(
                CultureInfo.InvariantCulture,
                $"util: {1 - random.NextDouble()}, efficiency: {0.01 + (0.99 * random.NextDouble())}, tariff: {random.NextDouble()}, pue: {1 + random.NextDouble()}, years: {1 + (9 * random.NextDouble())}, labour_fraction: {random.NextDouble()}, rent: {10 * random.NextDouble() + 0.1}"
            );
            var stack = PredictedCase.Price(
                prediction,
                ScenarioReader.Parse($"{{ownership: {ownership}, values: {{{values}}}}}", "a test", "H200 SXM")
            );
            double hour = stack.Total.UsdPerDeviceHour.Value!.Value;

            Assert.True(
                Near(hour, stack.Layers.Sum(layer => layer.UsdPerDeviceHour.Value!.Value))
                    && Near(hour, stack.Total.UsdPerMillionTokens.Value!.Value * stack.Evaluation["tok_paid"]),
                $"seed {Seed}, scenario {i}: {ownership}, {values}"
            );
        }

        static bool Near(double one, double other) => Math.Abs(one - other) <= 1e-9 * Math.Abs(one);
    }

    [Fact]
    public void OfMeasuredPointsTheCheapestWithinTheLimitIsFirst()
    {
        RunRecord record = RecordBuilder.Gpu(
            RecordBuilder.Point(batch: 1, seconds: 0.004),
            RecordBuilder.Point(batch: 32, seconds: 0.008),
            RecordBuilder.Point(batch: 64, seconds: 0.020),
            RecordBuilder.Invalid(RecordBuilder.Point(batch: 128, seconds: 0.008), "verificationFailed"),
            RecordBuilder.Point(batch: 48, seconds: 0.008) with
            {
                ThrottleReasons = ["softwareThermal"],
            }
        );
        ChoiceResult result = PointChooser.Choose(record, Rented("H200 SXM"), 10, null, includeInvalid: false);

        Assert.Equal([32, 1], result.Ranked.Select(choice => choice.Conditions.Batch));
        Assert.Equal(
            [ExcludedChoice.TooSlow, ExcludedChoice.Invalid, ExcludedChoice.Throttled],
            result.Excluded.Select(excluded => excluded.Code)
        );
        ChoiceResult all = PointChooser.Choose(record, Rented("H200 SXM"), 10, null, includeInvalid: true);
        Assert.Equal(
            [(128, "verificationFailed"), (48, "throttled"), (32, ""), (1, "")],
            all.Ranked.Select(choice => (choice.Conditions.Batch, string.Join(" ", choice.Stack.Case.InvalidReasons)))
        );
        // 32 tokens each 8 ms are 4000 tok/s.
        Assert.Equal(4000, result.Ranked[0].Stack.Evaluation["rate"], 1e-9);
        Assert.Null(result.Ranked[0].SlowStepMilliseconds);
    }

    [Fact]
    public void ARunsOwnShareOfTheRooflineCanTakeThePlaceOfTheAssumedOne()
    {
        // 14 GB in 4, 5 and 7 ms are 3.5, 2.8 and 2 TB/s of 4.8.
        RunRecord record = RecordBuilder.Gpu(
            RecordBuilder.Point(seconds: 0.005),
            RecordBuilder.Point(seconds: 0.004),
            RecordBuilder.Point(seconds: 0.007),
            RecordBuilder.Invalid(RecordBuilder.Point(seconds: 0.1), "throttled")
        );
        var efficiency = MeasuredEfficiency.Of(record);

        Assert.Equal(2.0 / 4.8, efficiency.Low!.Value, 1e-9);
        Assert.Equal(2.8 / 4.8, efficiency.Value!.Value, 1e-9);
        Assert.Equal(3.5 / 4.8, efficiency.High!.Value, 1e-9);
        Assert.Equal(Provenance.Extrapolated, efficiency.Provenance.Kind);
        Assert.Throws<InputException>(() => MeasuredEfficiency.Of(RecordBuilder.Gpu()));
    }

    private static ChoiceResult Choose(
        string devices,
        WeightFormat weights,
        double? limit,
        bool sure = false,
        int devicesTogether = 1
    ) =>
        DeviceChooser.Choose(
            Request(devices, weights, limit) with
            {
                LimitHoldsWhenSlow = sure,
                TensorParallel = [devicesTogether],
            }
        );

    private static ChoiceRequest Request(string devices, WeightFormat weights, double? limit) =>
        new()
        {
            Model = ModelCatalogue.Resolve("llama-3.1-8b"),
            Hardware = [.. devices.Split(',').Select(HardwareCatalogue.Find)],
            ScenarioOf = device => Rented(device.Name),
            Weights = [weights],
            Kv = [KvFormat.Bf16],
            ContextTokens = 4096,
            TensorParallel = [1],
            LargestBatch = 512,
            LongestStepMilliseconds = limit,
        };

    private static RooflinePrediction Predict(string device, WeightFormat weights, int batch) =>
        RooflinePrediction.Of(
            DecodeStepPlan.Create(
                ModelCatalogue.Resolve("llama-3.1-8b"),
                StepConditions.Uniform(
                    new StepFormats
                    {
                        Weights = weights,
                        LmHead = WeightFormat.Bf16,
                        Kv = KvFormat.Bf16,
                        Activations = ActivationFormat.Bf16,
                    },
                    batch,
                    4096
                )
            ),
            HardwareCatalogue.Find(device)
        );

    private static Scenario Rented(string device) => ScenarioReader.Default(device);
}
