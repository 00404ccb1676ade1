using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Levers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Tests;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Tests.Levers;

public class LeverAnalysisTests
{
    private const double Hour = 3600;

    private static readonly LeverAnalysis Small = LeverAnalysis.Of(new PredictedSteps(Predict(8)), Plain("H200 SXM"));

    [Fact]
    public void TheBaseIsTheCostWithoutLevers()
    {
        TokenCost cost = PredictionCost.Of(Predict(8)).Cost!;

        Assert.Equal(cost.UsdPerMillionTokens, Small.Base.OutputUsdPerMillion!.Value, 1e-9);
        Assert.Equal(
            Small.Base.OutputUsdPerMillion.Value + (3.6 * Small.Base.InputUsdPerMillion!.Value),
            Small.Base.UsdPerMillion.Value!.Value,
            1e-9
        );
    }

    [Fact]
    public void NarrowerWeightsSaveTheTimeOfTheirBytes()
    {
        LeverOutcome fp8 = Alone("weights-fp8");

        // Bound by memory: the step shrinks to that of the fp8 plan, and the output's cost with it; input is as it was.
        double seconds = RooflinePrediction.Of(Plan(8, WeightFormat.Fp8), HardwareCatalogue.Find("h200")).StepSeconds;
        Assert.Equal(seconds, fp8.SecondsPerToken!.Value, 1e-12);
        Assert.Equal(2.79 / Hour / (8 / seconds * 0.65) * 1e6, fp8.OutputUsdPerMillion!.Value, 1e-9);
        Assert.Equal(Small.Base.InputUsdPerMillion!.Value, fp8.InputUsdPerMillion!.Value, 1e-12);
        Assert.Equal("weights bf16 → fp8", fp8.Changes[LeverKind.Weights]);
    }

    [Fact]
    public void TheLargestBatchFillsTheUsableMemory()
    {
        LeverOutcome wide = Alone("batch");
        int batch = wide.Conditions!.Batch;

        double usable = 0.9 * HardwareCatalogue.Find("h200").MemoryBytes[0].Value;
        Assert.InRange(Plan(batch).Memory.TotalBytes, 0, (long)usable);
        Assert.InRange(Plan(batch + 1).Memory.TotalBytes, (long)usable, long.MaxValue);
    }

    [Fact]
    public void ALimitOnTheStepHoldsTheBatchDown()
    {
        // At the 0.6 of the roofline's speed that is assumed of software.
        const double Limit = 0.010;
        var analysis = LeverAnalysis.Of(
            new PredictedSteps(Predict(8)),
            Plain("H200 SXM"),
            new LeverSettings { MaxSecondsPerToken = Limit }
        );
        int batch = analysis.Alone.Single(outcome => outcome.Levers[0].Id == "batch").Conditions!.Batch;

        Assert.InRange(Predict(batch).StepSeconds / 0.6, 0, Limit);
        Assert.True(Predict(batch + 1).StepSeconds / 0.6 > Limit);
    }

    [Fact]
    public void TogetherIsLessThanTheSumAndNeverWorseThanTheBestAlone()
    {
        double start = Small.Base.UsdPerMillion.Value!.Value;
        double together = Small.Together.SavingOf(start)!.Value;

        Assert.InRange(together, Small.Alone[0].SavingOf(start)!.Value, 1);
        Assert.True(Small.SumOfSavingsAlone > 1);
        Assert.Equal(Small.Order.Count, Small.Order.Select(step => step.Added.Kind).Distinct().Count());
        double before = start;
        foreach ((Lever added, LeverOutcome outcome) in Small.Order)
        {
            Assert.True(outcome.UsdPerMillion.Value < before, added.Id);
            before = outcome.UsdPerMillion.Value!.Value;
        }

        Assert.Equal(Small.Alone[0].Levers[0].Id, Small.Order[0].Added.Id);
        // Each of eight kinds may be left out for a thousandth.
        Assert.InRange(
            Small.Together.UsdPerMillion.Value!.Value,
            0,
            1.008 * Small.Everything.UsdPerMillion.Value!.Value
        );
    }

    [Fact]
    public void PrefixCachingSparesTheInputThatItHolds()
    {
        LeverOutcome cached = Alone("prefix-cache");

        Assert.Equal(Small.Base.OutputUsdPerMillion!.Value, cached.OutputUsdPerMillion!.Value, 1e-12);
        Assert.Equal(Small.Base.InputUsdPerMillion!.Value * (1 - 0.563), cached.InputUsdPerMillion!.Value, 1e-12);
    }

    [Fact]
    public void HigherUtilisationSpreadsTheHourOverMoreTokens()
    {
        // 0.65 → 0.75 of paid time.
        Assert.Equal(1 - (0.65 / 0.75), Alone("utilization").SavingOf(Small.Base.UsdPerMillion.Value)!.Value, 1e-9);
        Assert.Equal(0.75, Alone("utilization").Conditions!.Utilization);
    }

    [Fact]
    public void ASmallModelThatIsPlannedHasACostOfItsOwn()
    {
        ModelShape small = ModelCatalogue.Resolve("llama-3.2-1b");
        var analysis = LeverAnalysis.Of(
            new PredictedSteps(Predict(8)),
            Plain("H200 SXM"),
            new LeverSettings { SmallModel = small }
        );
        LeverOutcome routed = analysis.Alone.Single(outcome => outcome.Levers[0].Id == "routing");
        RooflinePrediction one = RooflinePrediction.Of(Plan(8, model: "llama-3.2-1b"), HardwareCatalogue.Find("h200"));
        LeverOutcome alone = LeverAnalysis.Of(new PredictedSteps(one), Plain("H200 SXM")).Base;

        // 45 % go to the small model, a tenth of that comes back: 0.45 × small + (0.55 + 0.045) × large.
        Assert.Equal(
            (0.45 * alone.UsdPerMillion.Value!.Value) + (0.595 * analysis.Base.UsdPerMillion.Value!.Value),
            routed.UsdPerMillion.Value!.Value,
            1e-9
        );
    }

    [Fact]
    public void DraftedTokensAreCheckedInOneReadingOfTheWeights()
    {
        ModelShape draft = ModelCatalogue.Resolve("llama-3.2-1b");
        var source = new PredictedSteps(Predict(1));
        var analysis = LeverAnalysis.Of(source, Plain("H200 SXM"), new LeverSettings { DraftModel = draft });
        LeverOutcome drafted = analysis.Alone.Single(outcome => outcome.Levers[0].Kind == LeverKind.Speculation);

        // Memory is the bound at batch 1, so checking six tokens takes as long as making one; each of the five drafts its own step.
        double check = Predict(1).StepSeconds;
        double one = RooflinePrediction.Of(Plan(1, model: "llama-3.2-1b"), HardwareCatalogue.Find("h200")).StepSeconds;
        double tokens = (1 - Math.Pow(0.7, 6)) / 0.3;
        Assert.Equal(
            ((5 * one) + check) / tokens,
            drafted.SecondsPerToken!.Value,
            0.02 * drafted.SecondsPerToken.Value
        );
        Assert.Equal(one * 1e3, drafted.Evaluation!["t_draft"], 1e-9);
        Assert.InRange(drafted.Evaluation["t_verify"], check * 1e3, check * 1e3 * 1.02);
    }

    [Theory]
    [InlineData(7)]
    [InlineData(12)]
    public void ALimitAllowsTheSameBatchAsAChoiceOfDevices(double milliseconds)
    {
        var analysis = LeverAnalysis.Of(
            new PredictedSteps(Predict(1)),
            Plain("H200 SXM"),
            new LeverSettings { MaxSecondsPerToken = milliseconds / 1e3 }
        );
        LeverOutcome wide = analysis.Alone.Single(outcome => outcome.Levers[0].Id == "batch");
        Choice choice = DeviceChooser
            .Choose(
                new ChoiceRequest
                {
                    Model = ModelCatalogue.Find("llama-3.1-8b"),
                    Hardware = [HardwareCatalogue.Find("h200")],
                    ScenarioOf = device => Plain(device.Name),
                    Weights = [WeightFormat.Bf16],
                    Kv = [KvFormat.Bf16],
                    ContextTokens = 2048,
                    TensorParallel = [1],
                    LargestBatch = 4096,
                    LongestStepMilliseconds = milliseconds,
                }
            )
            .Ranked[0];

        Assert.Equal(choice.Conditions.Batch, wide.Conditions!.Batch);
        Assert.Contains("at 0.6 of the roofline's speed", wide.Changes[LeverKind.Batch], StringComparison.Ordinal);
    }

    [Fact]
    public void ADraftThatDoesNotFitIsNotPossible()
    {
        // 73 GB of fp8 weights beside a draft of 9 GB, where 77 GB are usable.
        RooflinePrediction tight = RooflinePrediction.Of(
            Plan(1, WeightFormat.Fp8, "llama-3.1-70b"),
            HardwareCatalogue.Find("h100")
        );
        var analysis = LeverAnalysis.Of(
            new PredictedSteps(tight),
            Plain("H100 SXM"),
            new LeverSettings { DraftModel = ModelCatalogue.Resolve("llama-3.1-8b") }
        );
        LeverOutcome drafted = analysis.Alone.Single(outcome => outcome.Levers[0].Kind == LeverKind.Speculation);

        Assert.Null(drafted.UsdPerMillion.Value);
        Assert.Contains("GB on each device", drafted.Problem, StringComparison.Ordinal);
        Assert.DoesNotContain(analysis.Order, step => step.Added.Kind == LeverKind.Speculation);
    }

    [Fact]
    public void ADraftOfAnotherFamilyIsRefused()
    {
        InputException problem = Assert.Throws<InputException>(() =>
            LeverAnalysis.Of(
                new PredictedSteps(Predict(1)),
                Plain("H200 SXM"),
                new LeverSettings { DraftModel = ModelCatalogue.Resolve("qwen3-0.6b") }
            )
        );

        Assert.Contains("151936 tokens, and the model's 128256", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void AnotherDeviceHasItsOwnPriceWhateverThisOnesIs()
    {
        Scenario dear = PlainScenario.Of(
            "H200 SXM",
            UserFigure.Create(10, "--price-per-hour"),
            PriceCatalogue.DefaultUtilization
        );
        var analysis = LeverAnalysis.Of(new PredictedSteps(Predict(8)), dear);
        LeverOutcome b200 = analysis.Alone.Single(outcome => outcome.Levers[0].Id == "hardware-b200");

        Assert.Equal(5.1, b200.Evaluation!["rent"]);
        Assert.Equal("1 × B200 SXM", b200.Conditions!.Hardware.ToString());
    }

    [Fact]
    public void AnotherPointOfTheRunIsTakenAsItWasMeasured()
    {
        PointRecord start = RecordBuilder.Point("bf16", "fp16", 1, 8192, 0.005);
        PointRecord narrow = RecordBuilder.Point("fp8", "fp16", 1, 8192, 0.003);
        RunRecord record = RecordBuilder.Gpu(start, narrow);
        var analysis = LeverAnalysis.Of(new MeasuredSteps(record, start), Plain("H200 SXM"));
        LeverOutcome fp8 = analysis.Alone.Single(outcome => outcome.Levers[0].Id == "weights-fp8");
        LeverOutcome int4 = analysis.Alone.Single(outcome => outcome.Levers[0].Id == "weights-int4");

        Assert.Equal(0.003, fp8.SecondsPerToken!.Value, 1e-12);
        Assert.Equal(Provenance.Assumed, fp8.UsdPerMillion.Provenance.Kind);
        Assert.Equal(Provenance.Extrapolated, int4.UsdPerMillion.Provenance.Kind);

        // At the same share of the limit as fp8, which is nearer in bytes than bf16: 3 ms by the ratio of the bytes.
        double ratio =
            (double)Planned(WeightFormat.Int4).Totals.CompulsoryReadBytes
            / Planned(WeightFormat.Fp8).Totals.CompulsoryReadBytes;
        Assert.Equal(0.003 * ratio, int4.SecondsPerToken!.Value, 1e-6);

        static DecodeStepPlan Planned(WeightFormat weights) => Plan(1, weights, kv: KvFormat.Fp16, context: 8192);
    }

    [Fact]
    public void WithoutAnArithmeticCeilingNoLargerBatchIsMadeUp()
    {
        PointRecord start = RecordBuilder.Point();
        LeverOutcome alone = Batch(RecordBuilder.Gpu(start), start);
        Assert.Null(alone.UsdPerMillion.Value);
        Assert.Contains("no larger batch was measured", alone.Problem, StringComparison.Ordinal);

        RunRecord two = RecordBuilder.Gpu(start, RecordBuilder.Point(batch: 4, seconds: 0.006));
        LeverOutcome measured = Batch(two, start);
        Assert.Equal(4, measured.Conditions!.Batch);
        Assert.Equal(0.006, measured.SecondsPerToken!.Value, 1e-12);

        static LeverOutcome Batch(RunRecord record, PointRecord point) =>
            LeverAnalysis
                .Of(new MeasuredSteps(record, point), Plain("H200 SXM"))
                .Alone.Single(outcome => outcome.Levers[0].Id == "batch");
    }

    [Fact]
    public void AStepWithoutACostHasNothingToSave()
    {
        InputException problem = Assert.Throws<InputException>(() =>
            LeverAnalysis.Of(new PredictedSteps(Predict(8)), ScenarioReader.Parse("ownership: owned", "owned", "L4"))
        );

        Assert.Contains("gpu_price", problem.Message, StringComparison.Ordinal);
    }

    private static LeverOutcome Alone(string id) => Small.Alone.Single(outcome => outcome.Levers[0].Id == id);

    private static Scenario Plain(string device) =>
        PlainScenario.Of(
            device,
            PriceCatalogue.Find(HardwareCatalogue.Find("h200")),
            PriceCatalogue.DefaultUtilization
        );

    private static RooflinePrediction Predict(int batch) =>
        RooflinePrediction.Of(Plan(batch), HardwareCatalogue.Find("h200"));

    private static DecodeStepPlan Plan(
        int batch,
        WeightFormat weights = WeightFormat.Bf16,
        string model = "llama-3.1-8b",
        KvFormat kv = KvFormat.Bf16,
        int context = 2048
    ) =>
        DecodeStepPlan.Create(
            ModelCatalogue.Find(model),
            StepConditions.Uniform(
                new StepFormats
                {
                    Weights = weights,
                    LmHead = WeightFormat.Bf16,
                    Kv = kv,
                    Activations = ActivationFormat.Bf16,
                },
                batch,
                context
            )
        );
}
