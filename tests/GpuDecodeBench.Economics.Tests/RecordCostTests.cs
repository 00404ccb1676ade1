using GpuDecodeBench.Records;
using GpuDecodeBench.Tests;

namespace GpuDecodeBench.Economics.Tests;

public class RecordCostTests
{
    private static readonly CostOptions s_given = new()
    {
        UsdPerHour = TestCosts.Given(3.6),
        Utilization = TestCosts.Given(0.5),
    };

    [Fact]
    public void ArgumentsGoBeforeTheRecordAndTheRecordBeforeAssumptions()
    {
        PointRecord point = RecordBuilder.Point(batch: 4);
        RunRecord bare = RecordBuilder.Gpu(point);
        RunRecord priced = bare with
        {
            Price = new PriceInfo { UsdPerHour = TestCosts.Given(7.2), Utilization = TestCosts.Given(0.25) },
        };

        // 4 sequences / 4 ms = 1000 tokens/s.
        Assert.Equal(2.0, RecordCost.Of(priced, point, s_given).Cost!.UsdPerMillionTokens, 12);
        Assert.Equal(8.0, RecordCost.Of(priced, point).Cost!.UsdPerMillionTokens, 12);
        TokenCost assumed = RecordCost.Of(bare, point).Cost!;
        Assert.Equal(2.79 / 3600 / 650 * 1e6, assumed.UsdPerMillionTokens, 12);
        Assert.Equal(Provenance.Assumed, assumed.Provenance.Kind);
        Assert.Equal(Provenance.Derived, RecordCost.Of(priced, point).Cost!.Provenance.Kind);
    }

    [Fact]
    public void AnUnavailablePriceInTheRecordFallsBackToTheAssumedOne()
    {
        PointRecord point = RecordBuilder.Point();
        RunRecord record = RecordBuilder.Gpu(point) with
        {
            Price = new PriceInfo
            {
                UsdPerHour = Figure.Unavailable("notGiven"),
                Utilization = Figure.Unavailable("notGiven"),
            },
        };
        TokenCost cost = RecordCost.Of(record, point).Cost!;
        Assert.Equal(2.79, cost.UsdPerHour.Value);
        Assert.Equal(0.65, cost.Utilization.Value);
    }

    [Fact]
    public void ConditionsAreThoseOfThePoint()
    {
        PointRecord point = RecordBuilder.Point("int4", "fp8", 16, 4096);
        Assert.Equal(
            "llama-3.1-8b · int4 weights, bf16 LM head, fp8 KV · context 4096 · batch 16 at 50 % utilisation · "
                + "1 × Some CPU (8 threads)",
            RecordCost.Of(RecordBuilder.Cpu(point), point, s_given).Cost!.Conditions.Describe()
        );
    }

    [Fact]
    public void InvalidPointsAreRefusedUnlessAskedForAndThenMarked()
    {
        PointRecord point = RecordBuilder.Invalid(RecordBuilder.Point(), "throttled");
        RunRecord record = RecordBuilder.Gpu(point);
        CostResult refused = RecordCost.Of(record, point, s_given);
        Assert.Null(refused.Cost);
        Assert.Equal(RecordCost.InvalidPoint, refused.Unavailable!.Reason);
        Assert.Contains("throttled", refused.Unavailable.Detail, StringComparison.Ordinal);
        CostResult asked = RecordCost.Of(record, point, s_given with { IncludeInvalid = true });
        Assert.NotNull(asked.Cost);
        Assert.True(asked.IsInvalid);
        Assert.Equal(["throttled"], asked.InvalidReasons);
    }

    [Fact]
    public void ExtrapolatedPointsMakeExtrapolatedCosts()
    {
        PointRecord point = RecordBuilder.Extrapolated(RecordBuilder.Point());
        RunRecord record = RecordBuilder.Gpu(point);
        Assert.Equal(Provenance.Extrapolated, RecordCost.Of(record, point, s_given).Cost!.Provenance.Kind);

        // A record that says nothing is judged by its layers.
        PointRecord silent = point with
        {
            Provenance = new Dictionary<string, ProvenanceNote>(),
        };
        Assert.Equal(Provenance.Extrapolated, RecordCost.Of(record, silent, s_given).Cost!.Provenance.Kind);
    }

    [Fact]
    public void DevicesThatShareTheLayersAreAllPaid()
    {
        PointRecord point = RecordBuilder.Point(batch: 4) with { TensorParallel = 2 };
        TokenCost cost = RecordCost.Of(RecordBuilder.Gpu(point), point, s_given).Cost!;
        Assert.Equal(4.0, cost.UsdPerMillionTokens, 12);
        Assert.Equal(2, cost.Conditions.Hardware.Count);
        Assert.Contains("2 devices at $3.600 each", cost.UsdPerHour.Provenance.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void NoPriceNoUtilisationAndNoRateAreAnswersNotErrors()
    {
        PointRecord point = RecordBuilder.Point();
        RunRecord gpu = RecordBuilder.Gpu(point);
        RunRecord emulator = gpu with { Device = RecordBuilder.Cpu().Device with { Backend = "emulator" } };
        Assert.Equal("noPrice", RecordCost.Of(emulator, point).Unavailable!.Reason);
        CostOptions zero = s_given with { Utilization = TestCosts.Given(0) };
        Assert.Equal("noUtilization", RecordCost.Of(gpu, point, zero).Unavailable!.Reason);
        foreach (double rate in new[] { 0, double.Epsilon })
        {
            Assert.Equal(
                "noRate",
                RecordCost.Of(gpu, point with { RecordedTokensPerSecond = rate }, s_given).Unavailable!.Reason
            );
        }
    }

    [Fact]
    public void ARecordWhoseRateIsOverTheMedianIsPricedOverTheMeanStepAsEveryOther()
    {
        PointRecord now = RecordBuilder.Uneven(RecordBuilder.Point(), 1.25);
        PointRecord old = now with { RecordedTokensPerSecond = 250 };
        RunRecord record = RecordBuilder.Gpu(now, old);
        double[] costs = [.. RecordCost.All(record, s_given).Select(cost => cost.Cost!.UsdPerMillionTokens)];
        Assert.Equal([10, 10], costs.Select(cost => Math.Round(cost, 9)));
        Assert.Equal(0.005, RecordCost.StepSecondsOf(old), 12);
    }

    [Fact]
    public void AllCostsComeInTheOrderOfThePoints()
    {
        RunRecord record = RecordBuilder.Gpu(
            RecordBuilder.Point(batch: 1),
            RecordBuilder.Invalid(RecordBuilder.Point(), "throttled"),
            RecordBuilder.Point(batch: 4)
        );
        IReadOnlyList<CostResult> costs = RecordCost.All(record, s_given);
        Assert.Equal([8.0, null, 2.0], costs.Select(cost => cost.Cost?.UsdPerMillionTokens).Select(Round));
    }

    private static double? Round(double? value) => value is double known ? Math.Round(known, 9) : null;
}
