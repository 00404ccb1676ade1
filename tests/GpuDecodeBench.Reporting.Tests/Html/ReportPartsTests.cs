using GpuDecodeBench.Economics;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Html;
using GpuDecodeBench.Tests;

namespace GpuDecodeBench.Reporting.Tests.Html;

public sealed class ReportPartsTests
{
    [Fact]
    public void OnTheFrontIsWhatNoOtherPointBeatsInBoth()
    {
        PointRecord quick = RecordBuilder.Point(seconds: 0.002);
        PointRecord slow = RecordBuilder.Point(seconds: 0.004);
        PointRecord batched = RecordBuilder.Point(batch: 8, seconds: 0.004);
        PointRecord wasteful = RecordBuilder.Point(batch: 8, seconds: 0.005);

        // 500 tokens/s at 2 ms and 2,000 at 4 ms; 250 at 4 ms and 1,600 at 5 ms are beaten.
        Assert.Equal([quick, batched], ParetoFront.Of([wasteful, slow, batched, quick]));
    }

    [Fact]
    public void ARentedScenarioPaysThePriceOfTheRunsSimpleCost()
    {
        // The rent alone is the simple cost: price over tokens of paid time.
        RunRecord record = RecordBuilder.Cpu(RecordBuilder.Point());
        ReportRun run = Run(record, new CostOptions { Utilization = UserFigure.Create(0.4, "--utilization") });
        CostStack stack = run.Scenarios.Single(scenario => scenario.Name == "rented").StackOf(record.Points[0])!;

        Assert.Equal(
            run.Costs[0].Cost!.UsdPerMillionTokens,
            stack.Layers.Single(layer => layer.Kind.Id == "capital").UsdPerMillionTokens.Value!.Value,
            12
        );
        Assert.Equal(0.4, stack.Conditions.Utilization);
    }

    [Fact]
    public void ALongerContextCostsInProportionToTheBytesOfAStep()
    {
        RunRecord record = RecordBuilder.Gpu(RecordBuilder.Point(kv: "bf16", context: 8192));
        ContextCurve curve = ContextCurve.Of(record, record.Points, record.Points[0]);

        // Llama 3.1 8B: 32 layers × 2 × 8 heads × 128 × 2 B = 131,072 B of cache a token. From 8,192 to 131,072 tokens that is
        // 122,880 × 131,072 B = 16.106 GB more; weights of bf16 without the embedding's other rows are 15.01 GB, and with 1.074 GB
        // of cache at 8,192 the step reads 16.09 GB: 1 + 16.106 / 16.09 = 2.00 times.
        Assert.Equal(1, curve.Predicted.Single(one => one.Context == 8192).Multiple, 12);
        Assert.Equal(2.00, curve.Predicted.Single(one => one.Context == 131072).Multiple, 0.005);
        Assert.Null(curve.WhyNotPredicted);
    }

    [Fact]
    public void AModelOutsideTheCatalogueHasNoPredictedCurve()
    {
        RunRecord record = RecordBuilder.Gpu(RecordBuilder.Point()) with { Model = RecordBuilder.Model("mine") };

        Assert.Equal(
            "mine is not in the catalogue",
            ContextCurve.Of(record, record.Points, record.Points[0]).WhyNotPredicted
        );
    }

    [Fact]
    public void ClaimsAreHeldAgainstTheRunsOwnFigures()
    {
        ReportRun run = Run(ReportRuns.Gpu(), new CostOptions());
        Dictionary<string, RunClaim> claims = RunClaims.Of(run).ToDictionary(claim => claim.Id);

        // gate_up_proj and o_proj are stored in the format: half the bytes in fp8, 0.28 of them in int4, 1 / 0.28 = 3.57.
        Assert.Equal(("2.00", true), (claims["time-bomb.fp8-traffic"].Own, claims["time-bomb.fp8-traffic"].Supports));
        Assert.Equal("3.57", claims["ainews.int4-traffic"].Own);
        // Attention: 40,000 FLOP over 130,000 B of cache, 0.308 FLOP/B, where one is claimed.
        Assert.Equal(
            ("0.308 FLOP/B", false),
            (claims["bill.attention-intensity"].Own, claims["bill.attention-intensity"].Supports)
        );
        // 16 GFLOP in 4.72 ms are 3.39 of 989 TFLOP/s: 99.7 % are idle.
        Assert.Equal(("99.7 %", true), (claims["time-bomb.idle"].Own, claims["time-bomb.idle"].Supports));
    }

    [Fact]
    public void ClaimsOnTensorCoresSayNothingOfACpu()
    {
        ReportRun run = Run(
            RecordBuilder.Cpu(RecordBuilder.Point(), RecordBuilder.Point("fp8", seconds: 0.002)),
            new CostOptions()
        );

        Assert.DoesNotContain(RunClaims.Of(run), claim => claim.Id is "time-bomb.idle" or "bill.fp8-doubles");
    }

    [Theory]
    [InlineData(0.9, "Close to the limit")]
    [InlineData(0.7, "Some way from the limit")]
    [InlineData(0.3, "Far from the limit")]
    public void TheVerdictSaysHowFarTheLimitIs(double share, string words)
    {
        PointRecord point = RecordBuilder.Point(seconds: 0.010) with
        {
            RooflineSeconds = 0.010 * share,
            MbuOfCeiling = share,
        };

        Assert.StartsWith(
            words,
            Verdict.Of(Run(RecordBuilder.Gpu(point), new CostOptions())),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void WithoutACeilingTheVerdictSaysThatTheDistanceIsNotKnown()
    {
        PointRecord point = RecordBuilder.Point() with { MbuOfCeiling = null, RooflineSeconds = null };

        Assert.EndsWith(
            "How far from the limit that is cannot be said: no ceiling was measured.",
            Verdict.Of(Run(RecordBuilder.Gpu(point), new CostOptions())),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void WhatLosesMostTimeIsNamedWithItsLoss()
    {
        // gate_up_proj: 60 % of 4 ms are 2.4 ms; its 10.5 GB at 4 TB/s would take 2.625 ms, so nothing is lost there. attention: 30 % are
        // 1.2 ms, its 3.5 GB would take 0.875 ms: 0.325 ms are lost, 1.2 / 0.875 = 1.37 times.
        IReadOnlyList<string> advice = Verdict.Advice(Run(RecordBuilder.Gpu(RecordBuilder.Point()), new CostOptions()));

        Assert.StartsWith(
            "attention loses most: 325 µs of a step of 4.00 ms beyond its roofline (1.37 times",
            advice[0],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void WhatLosesMostIsThatOfTheWholeStep()
    {
        // gate_up_proj: (90 − 51) × 8 = 312 ms in 32 layers, 90 / 51 = 1.76 times; lm_head: 100 − 60 = 40 ms, once.
        IReadOnlyList<string> advice = Verdict.Advice(Run(RecordBuilder.Gpu(TestRuns.FourLayers()), new CostOptions()));

        Assert.StartsWith(
            "gate_up_proj loses most: 312 ms of a step of 900 ms (extrapolated from 4 of 32 layers) beyond its roofline (1.76 times",
            advice[0],
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void WhatFewerLayersMakeIsSaidToBeExtrapolated()
    {
        RunRecord record = RecordBuilder.Gpu(TestRuns.FourLayers());

        // 1 / 0.9 s.
        Assert.Contains(
            "decode fastest, 1.11 tokens/s (extrapolated from 4 of 32 layers);",
            Verdict.Of(Run(record, new CostOptions())),
            StringComparison.Ordinal
        );
        Assert.Equal(
            3,
            ReportPage.Of(record).Section("r1-summary").Html.Split("(extrapolated from 4 of 32 layers)</dd>").Length - 1
        );
    }

    [Fact]
    public void WhatSpeaksAgainstPointsComesBeforeWarningsAndEachIsCounted()
    {
        PointRecord warned = RecordBuilder.Point() with { RecordedWarnings = ["drifting", "bimodal", "mayBeWarm"] };
        RunRecord record = RecordBuilder.Gpu(
            warned,
            warned,
            RecordBuilder.Point("fp8", seconds: 0.002) with
            {
                ThrottleReasons = ["hardwareThermal"],
            }
        );
        ReportRun run = Run(record, new CostOptions());

        Assert.Contains(
            "Of 3 configurations, 1 was slowed by lowered clocks, 2 carry a warning (the device lowered its clocks; the samples drift; "
                + "the samples fall into two groups, so the median describes neither; and others): measure those again before you rely on them.",
            Verdict.Advice(run)
        );
        Assert.EndsWith(
            "The device lowered its clocks meanwhile (temperature, by hardware): measure it again before you rely on it.",
            Verdict.Of(run),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "the device lowered its clocks: temperature, by hardware",
            ReportPage.Of(record).Section("r1-summary").Text,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void ThrottledPointsAreNoBaseOfTheCostOverContext()
    {
        RunRecord record = RecordBuilder.Gpu(
            RecordBuilder.Point(context: 1024, seconds: 0.003) with
            {
                ThrottleReasons = ["hardwareThermal"],
            },
            RecordBuilder.Point(context: 2048),
            RecordBuilder.Point(context: 4096, seconds: 0.006)
        );
        string text = ReportPage.Of(record).Section("r1-context").Html;

        // 6 ms over 4 ms, and not over the throttled 3 ms.
        Assert.Contains("1.50 times the cost at context 2,048", text, StringComparison.Ordinal);
        Assert.DoesNotContain("at context 1,024 (derived)", text, StringComparison.Ordinal);
    }

    [Fact]
    public void AReasonThatEndsInAFullStopGetsNoSecondOne()
    {
        var none = new Figure(null, ProvenanceNote.Unavailable("noPowerSensor", "There is no counter."));
        var page = ReportPage.Of(
            RecordBuilder.Cpu(RecordBuilder.Point() with { Power = none, EnergyJoulesPerToken = none })
        );

        Assert.Contains("There is no counter.", page.Section("r1-formats").Text, StringComparison.Ordinal);
        Assert.Contains("There is no counter.", page.Section("r1-telemetry").Text, StringComparison.Ordinal);
        Assert.DoesNotContain("counter..", page.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void TheDistanceFromTheLimitCountsArithmeticWhereItBoundsSomeOperations()
    {
        // 7 ms of a step of 10 ms: 70 %, though reading alone would take 6.3 ms of it.
        PointRecord mixed = RecordBuilder.Point(seconds: 0.010) with
        {
            RooflineSeconds = 0.007,
            MbuOfCeiling = 0.63,
        };

        Assert.Equal(0.7, Verdict.ShareOfLimit(mixed)!.Value, 12);
        Assert.Contains(
            "That is 70 % of what memory and arithmetic of this device together allow.",
            Verdict.Of(Run(RecordBuilder.Cpu(mixed), new CostOptions())),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void WithoutARooflineTheDistanceIsThatOfTheReadCeiling() =>
        Assert.Equal(
            0.63,
            Verdict.ShareOfLimit(RecordBuilder.Point() with { RooflineSeconds = null, MbuOfCeiling = 0.63 })
        );

    private static ReportRun Run(RunRecord record, CostOptions cost) =>
        new("r1", 2, new ReportInput(record, "run.json"), new ReportOptions { Cost = cost });
}
