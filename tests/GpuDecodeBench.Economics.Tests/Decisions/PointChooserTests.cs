using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Tests;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Economics.Tests.Decisions;

/// <summary>What is chosen among the points of a run, and what a run says for predictions.</summary>
public class PointChooserTests
{
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
        ChoiceResult result = PointChooser.Choose(
            record,
            ScenarioReader.Default("H200 SXM"),
            10,
            null,
            includeInvalid: false
        );

        Assert.Equal([32, 1], result.Ranked.Select(choice => choice.Conditions.Batch));
        Assert.Equal(
            [ExcludedChoice.TooSlow, ExcludedChoice.Invalid, ExcludedChoice.Throttled],
            result.Excluded.Select(excluded => excluded.Code)
        );
        ChoiceResult all = PointChooser.Choose(
            record,
            ScenarioReader.Default("H200 SXM"),
            10,
            null,
            includeInvalid: true
        );
        Assert.Equal(
            [(128, "verificationFailed"), (48, "throttled"), (32, ""), (1, "")],
            all.Ranked.Select(choice => (choice.Conditions.Batch, string.Join(" ", choice.Stack.Case.InvalidReasons)))
        );
        // 32 tokens each 8 ms are 4000 tok/s.
        Assert.Equal(4000, result.Ranked[0].Stack.Evaluation["rate"], 1e-9);
        Assert.Null(result.Ranked[0].SlowStepMilliseconds);
    }

    [Fact]
    public void OfMeasuredPointsTheLimitHoldsWithThePrefillToo()
    {
        RunRecord record = RecordBuilder.Gpu(
            RecordBuilder.Point(batch: 1, seconds: 0.004),
            RecordBuilder.Point(batch: 32, seconds: 0.008)
        );
        ChoiceResult result = PointChooser.Choose(
            record,
            ScenarioReader.Default("H200 SXM"),
            10,
            new TrafficDemand(2e9, 7e9),
            includeInvalid: false
        );

        // 32 sequences take 3.5 tokens each in between their tokens, some 8 ms: in turn they would miss the limit that the step keeps.
        Choice wide = result.Ranked.Single(choice => choice.Conditions.Batch == 32);
        Assert.Equal(PrefillPlace.Apart, wide.Bill!.Prefill);
        Assert.All(result.Ranked, choice => Assert.InRange(choice.StepMilliseconds.Value!.Value, 0, 10));
    }
}
