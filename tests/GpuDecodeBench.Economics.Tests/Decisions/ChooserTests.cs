using System.Globalization;
using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Economics.Sensitivity;
using GpuDecodeBench.Records;
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
    [InlineData("l4", WeightFormat.Fp8, null, 1, ExcludedChoice.NoPrice)]
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
    public void ADeviceWithoutAnArithmeticRateIsNotRankedAsIfArithmeticWereFree()
    {
        HardwareEntry h200 = HardwareCatalogue.Find("h200");
        ChoiceRequest request = Request("h200", WeightFormat.Int4, null) with
        {
            Hardware = [h200, h200 with { Name = "unknown", Bf16FlopsPerSecond = [] }],
            ScenarioOf = device => ScenarioReader.Parse("values: { rent: 1 }", "a test", device.Name),
        };
        ChoiceResult result = DeviceChooser.Choose(request);

        Assert.Equal("H200 SXM", Assert.Single(result.Ranked).Conditions.Hardware.Device);
        ExcludedChoice excluded = Assert.Single(result.Excluded);
        Assert.Equal(("unknown", ExcludedChoice.NoArithmeticRate), (excluded.Device, excluded.Code));
        Assert.Contains("rate unknown", excluded.Reason, StringComparison.Ordinal);
    }

    [Theory]
    // Enough that prefill apart is the cheaper way, and so little that one instance does both.
    [InlineData(2e9, 7e9, 7, PrefillPlace.Apart)]
    [InlineData(2e6, 7e6, 7, PrefillPlace.InTurn)]
    public void TheLimitHoldsWithThePrefillThatTakesTurns(double output, double input, double limit, PrefillPlace place)
    {
        Choice choice = DeviceChooser
            .Choose(Request("h200", WeightFormat.Fp8, limit) with { Demand = new TrafficDemand(output, input) })
            .Ranked[0];
        Evaluation values = choice.Bill!.Values;

        // A second of an instance's busy time goes to so many tokens of each kind as the traffic has; between two tokens of a sequence
        // pass a step and the prefill of what comes with the step's tokens.
        double inputPerSecond = values["tok_in_paid"] * 1e6 / 3600 * values["gpus"] / values["util"];
        double prefillMilliseconds = choice.Conditions.Batch * (input / output) / inputPerSecond * 1e3;
        double expected = values["t_token"] + (place == PrefillPlace.InTurn ? prefillMilliseconds : 0);

        Assert.Equal(place, choice.Bill.Prefill);
        Assert.Equal(expected, choice.StepMilliseconds.Value!.Value, 1e-9);
        Assert.InRange(choice.StepMilliseconds.Value!.Value, 0, limit);
        Assert.Equal(place == PrefillPlace.Apart, values["fleet_prefill_instances"] >= 1);
    }

    [Fact]
    public void WithoutALimitPrefillTakesTurnsAndTheTimeSaysSo()
    {
        Choice choice = DeviceChooser
            .Choose(Request("h200", WeightFormat.Fp8, null) with { Demand = new TrafficDemand(2e9, 7e9) })
            .Ranked[0];

        Assert.Equal(PrefillPlace.InTurn, choice.Bill!.Prefill);
        Assert.True(choice.StepMilliseconds.Value > choice.Bill.Values["t_token"]);
    }

    [Fact]
    public void WithTrafficTheCostOfATokenIsTheBillOverItsTokens()
    {
        const double Million = 20;
        ChoiceResult result = DeviceChooser.Choose(
            Request("h100,h200,b200", WeightFormat.Fp8, null) with
            {
                Demand = new TrafficDemand(Million * 1e6, 70e6),
            }
        );

        foreach (Choice choice in result.Ranked)
        {
            double bill = choice.Bill!.Values["usd_all_day"];
            Assert.Equal(bill / Million, choice.UsdPerMillionTokens.Value!.Value, 1e-9);
            Assert.Equal(choice.Bill.Values["fleet_util"], choice.Conditions.Utilization, 1e-12);
            UncertainResult range = MonteCarlo.Run(choice.Shown.System, choice.CostSymbol, 500, 1);
            Assert.Equal(bill / Million, range.Likely, 1e-9);
        }
    }

    [Fact]
    public void NextToNoTrafficTakesNoLargerBatchThanItNeedsAndItsUseIsNotZero()
    {
        Choice choice = DeviceChooser
            .Choose(Request("h200", WeightFormat.Fp8, null) with { Demand = new TrafficDemand(1, 0) })
            .Ranked[0];

        Assert.Equal(1, choice.Conditions.Batch);
        Assert.Contains("at less than 0.01 % utilisation", choice.Conditions.Describe(), StringComparison.Ordinal);
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
