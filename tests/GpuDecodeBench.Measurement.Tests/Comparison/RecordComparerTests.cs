using GpuDecodeBench.Measurement.Comparison;
using GpuDecodeBench.Records;
using GpuDecodeBench.Tests;

namespace GpuDecodeBench.Measurement.Tests.Comparison;

public class RecordComparerTests
{
    private static readonly ComparisonOptions s_byTime = new() { Yardstick = Yardstick.Time };

    [Fact]
    public void ARunDoesNotDifferFromItself()
    {
        ComparisonSide side = ComparedRuns.Side("a", ComparedRuns.Point(0.004, 1));
        PointComparison same = ComparedRuns.Compare(side, side);
        Assert.Equal(ComparisonVerdict.NoDifferenceShown, same.Verdict);
        Assert.Equal(1, same.StepRatio!.Ratio);
        Assert.Equal(1, same.CeilingRatio);
        Assert.False(same.IsSlowerBeyond(0));
        Assert.True(same.IsJudged);
    }

    [Theory]
    [InlineData(1.1, ComparisonVerdict.Slower)]
    [InlineData(0.9, ComparisonVerdict.Faster)]
    [InlineData(1.002, ComparisonVerdict.NoDifferenceShown)]
    public void AProgramThatChangedIsSeenAtTheSameCeiling(double change, ComparisonVerdict verdict)
    {
        PointComparison point = ComparedRuns.Compare(
            ComparedRuns.Side("a", ComparedRuns.Point(0.004, 1)),
            ComparedRuns.Side("b", ComparedRuns.Point(0.004 * change, 2))
        );
        Assert.Equal(verdict, point.Verdict);
        Assert.InRange(change, point.StepRatio!.Ci95Low!.Value, point.StepRatio.Ci95High!.Value);
        Assert.Empty(point.Reasons);
    }

    [Fact]
    public void SlowerBeyondALimitMeansTheWholeInterval()
    {
        PointComparison point = ComparedRuns.Compare(
            ComparedRuns.Side("a", ComparedRuns.Point(0.004, 1)),
            ComparedRuns.Side("b", ComparedRuns.Point(0.0044, 2))
        );
        Assert.True(point.IsSlowerBeyond(0.05));
        // Its median is 10 % slower, and the interval reaches below that.
        Assert.False(point.IsSlowerBeyond(point.StepRatio!.Ratio - 1));
        Assert.False(point.IsSlowerBeyond(0.2));
    }

    [Fact]
    public void ASlowerMachineIsNotTakenForASlowerProgram()
    {
        ComparisonSide baseline = ComparedRuns.Side("a", ComparedRuns.Point(0.004, 1));
        // A tenth less ceiling, a tenth more time.
        ComparisonSide slower = ComparedRuns.Side("b", ComparedRuns.Point(0.004 / 0.9, 2, ComparedRuns.Ceiling * 0.9));
        PointComparison point = ComparedRuns.Compare(baseline, slower);
        Assert.Equal(ComparisonVerdict.NoDifferenceShown, point.Verdict);
        Assert.Equal(ComparisonReasonCodes.CeilingExplains, Assert.Single(point.Reasons).Code);
        Assert.Equal(0.9, point.CeilingRatio!.Value, 12);
        Assert.InRange(point.RatioAtEqualCeiling!.Ratio, 0.99, 1.01);
        Assert.False(point.IsSlowerBeyond(0.05));
        Assert.Equal(ComparisonVerdict.Slower, ComparedRuns.Compare(baseline, slower, s_byTime).Verdict);
    }

    [Fact]
    public void ACeilingThatMovedShowsNoDifferenceBelowATenth()
    {
        static ComparisonSide Moved(string name, double seconds, int seed) =>
            ComparedRuns.Side(name, ComparedRuns.Point(seconds, seed) with { RecordedWarnings = ["ceilingMoved"] });
        ComparisonSide baseline = ComparedRuns.Side("a", ComparedRuns.Point(0.004, 1));
        PointComparison small = ComparedRuns.Compare(baseline, Moved("b", 0.00424, 2));
        Assert.Equal(ComparisonVerdict.NoDifferenceShown, small.Verdict);
        Assert.InRange(small.RatioAtEqualCeiling!.Ci95Low!.Value, 0.95, 0.97);
        Assert.False(small.IsSlowerBeyond(0.01));
        Assert.Equal(ComparisonVerdict.Slower, ComparedRuns.Compare(baseline, Moved("b", 0.0048, 3)).Verdict);
        Assert.Equal(
            ComparisonVerdict.Slower,
            ComparedRuns.Compare(baseline, Moved("b", 0.00424, 2), s_byTime).Verdict
        );
    }

    [Fact]
    public void AFasterMachineDoesNotHideASlowerProgram()
    {
        ComparisonSide baseline = ComparedRuns.Side("a", ComparedRuns.Point(0.004, 1));
        ComparisonSide hidden = ComparedRuns.Side("b", ComparedRuns.Point(0.004, 2, ComparedRuns.Ceiling * 1.2));
        PointComparison point = ComparedRuns.Compare(baseline, hidden);
        Assert.Equal(ComparisonVerdict.NoDifferenceShown, point.Verdict);
        Assert.Equal(ComparisonReasonCodes.CeilingHides, Assert.Single(point.Reasons).Code);
        var byCeiling = new ComparisonOptions { Yardstick = Yardstick.Ceiling };
        Assert.Equal(ComparisonVerdict.Slower, ComparedRuns.Compare(baseline, hidden, byCeiling).Verdict);
    }

    [Fact]
    public void WithoutACeilingTheTimeDecidesAndTheComparisonSaysSo()
    {
        static PointRecord Bare(double seconds, int seed) =>
            ComparedRuns.Point(seconds, seed) with
            {
                Bound = "compute",
            };
        PointComparison point = ComparedRuns.Compare(
            ComparedRuns.Side("a", Bare(0.004, 1)),
            ComparedRuns.Side("b", Bare(0.005, 2))
        );
        Assert.Equal(ComparisonVerdict.Slower, point.Verdict);
        Assert.Null(point.RatioAtEqualCeiling);
        Assert.Equal(ComparisonReasonCodes.NoCeiling, Assert.Single(point.Reasons).Code);
    }

    [Fact]
    public void OtherHardwareFormatsAndLayersAreNotComparableUnlessAskedFor()
    {
        PointRecord point = ComparedRuns.Point(0.004, 1);
        ComparisonSide baseline = ComparedRuns.Side("a", point);
        RunRecord record = RecordBuilder.Gpu(point);
        (string Code, RunRecord Record)[] others =
        [
            (ComparisonReasonCodes.OtherHardware, RecordBuilder.Cpu(point)),
            (
                ComparisonReasonCodes.OtherHardware,
                record with
                {
                    Environment = record.Environment with { CpuThreadsUsed = 4 },
                }
            ),
            (ComparisonReasonCodes.OtherFormat, RecordBuilder.Gpu(ComparedRuns.Point(0.003, 2, weights: "int4"))),
            (ComparisonReasonCodes.OtherFormat, RecordBuilder.Gpu(point with { KvBlockTokens = 64 })),
            (ComparisonReasonCodes.OtherFormat, RecordBuilder.Gpu(point with { Activations = "bf16" })),
            (ComparisonReasonCodes.OtherLayers, RecordBuilder.Gpu(point with { LayersMeasured = 8 })),
        ];
        foreach ((string code, RunRecord other) in others)
        {
            var side = new ComparisonSide("b", [new ComparisonRun("b", other)]);
            PointComparison refused = ComparedRuns.Compare(baseline, side);
            Assert.Equal(ComparisonVerdict.NotComparable, refused.Verdict);
            Assert.Equal(code, Assert.Single(refused.Reasons).Code);
            Assert.Null(refused.StepRatio);
            Assert.False(refused.IsSlowerBeyond(0));
            PointComparison across = ComparedRuns.Compare(baseline, side, new ComparisonOptions { Across = true });
            Assert.NotEqual(ComparisonVerdict.NotComparable, across.Verdict);
            Assert.NotNull(across.StepRatio);
        }
    }

    [Theory]
    [InlineData("drifting", "the samples of b drift")]
    [InlineData("bimodal", "the samples of b fall into two groups")]
    public void UnsteadySamplesMakeNoFirmVerdict(string warning, string words)
    {
        ComparisonSide baseline = ComparedRuns.Side("a", ComparedRuns.Point(0.004, 1));
        PointRecord unsteady = ComparedRuns.Point(0.008, 2) with { RecordedWarnings = [warning] };
        foreach (ComparisonSide side in (ComparisonSide[])[ComparedRuns.Side("b", unsteady), Peer("b", unsteady)])
        {
            PointComparison point = ComparedRuns.Compare(baseline, side);
            Assert.Equal(ComparisonVerdict.NoDifferenceShown, point.Verdict);
            Assert.Equal(ComparisonReasonCodes.Unsteady, point.Reasons[^1].Code);
            Assert.StartsWith(words, point.Reasons[^1].Detail, StringComparison.Ordinal);
            Assert.False(point.IsJudged);
            Assert.False(point.IsSlowerBeyond(0.05));
            Assert.Equal([warning], point.Warnings);
            Assert.Empty(point.BaselineWarnings);
        }
    }

    [Fact]
    public void OneUnsteadyRunOfThreeIsInTheirScatter()
    {
        PointRecord[] points = [.. Enumerable.Range(2, 3).Select(seed => ComparedRuns.Point(0.008, seed))];
        ComparisonSide baseline = ComparedRuns.Runs(
            "a",
            [.. points.Select((_, i) => ComparedRuns.Point(0.004, i + 7))]
        );
        points[0] = points[0] with { RecordedWarnings = ["bimodal"] };
        Assert.Equal(ComparisonVerdict.Slower, ComparedRuns.Compare(baseline, ComparedRuns.Runs("b", points)).Verdict);
        points[1] = points[1] with { RecordedWarnings = ["bimodal"] };
        Assert.Equal(
            ComparisonVerdict.NoDifferenceShown,
            ComparedRuns.Compare(baseline, ComparedRuns.Runs("b", points)).Verdict
        );
    }

    [Fact]
    public void OtherSoftwareIsComparedByTimeWhateverItsActivationsAndBlocks()
    {
        ComparisonSide baseline = ComparedRuns.Side("a", ComparedRuns.Point(0.004, 1));
        // Its own read kernel is half as fast as ours, which says nothing of its step.
        PointRecord point = ComparedRuns.Point(0.005, 2, ComparedRuns.Ceiling / 2) with
        {
            Activations = "bf16",
            KvBlockTokens = 4096,
        };
        PointComparison peer = ComparedRuns.Compare(baseline, Peer("b", point));
        Assert.Equal(ComparisonVerdict.Slower, peer.Verdict);
        Assert.Equal(ComparisonReasonCodes.OtherSoftware, Assert.Single(peer.Reasons).Code);
        Assert.Contains("KV block 16; 4096", peer.Reasons[0].Detail, StringComparison.Ordinal);
        Assert.Null(peer.RatioAtEqualCeiling);
        Assert.Null(peer.CeilingRatio);
        PointComparison otherFormat = ComparedRuns.Compare(baseline, Peer("b", point with { Weights = "int4" }));
        Assert.Equal(ComparisonReasonCodes.OtherFormat, Assert.Single(otherFormat.Reasons).Code);
    }

    [Fact]
    public void PointsOfTwoProgramsAreNoRunsOfOneThing()
    {
        PointRecord point = ComparedRuns.Point(0.004, 1);
        ComparisonRun[] runs = [.. ComparedRuns.Side("a", point).Runs, .. Peer("a", point).Runs];
        ComparisonResult result = RecordComparer.Compare(
            ComparedRuns.Side("b", point),
            [new ComparisonSide("a", runs)],
            new ComparisonOptions()
        );
        Assert.Equal([1, 1], result.Points.Select(one => one.Runs));
    }

    [Fact]
    public void SingleOperationsAreNeverTakenForAStep()
    {
        PointRecord operations = RecordBuilder.Invalid(ComparedRuns.Point(0.001, 2), "operationsOnly");
        PointComparison refused = ComparedRuns.Compare(
            ComparedRuns.Side("a", ComparedRuns.Point(0.004, 1)),
            Peer("b", operations),
            new ComparisonOptions { Across = true, IncludeInvalid = true }
        );
        Assert.Equal(ComparisonVerdict.NotComparable, refused.Verdict);
        Assert.Equal(ComparisonReasonCodes.Invalid, Assert.Single(refused.Reasons).Code);
    }

    private static ComparisonSide Peer(string name, PointRecord point)
    {
        RunRecord record = RecordBuilder.Gpu(point);
        record = record with { Tool = record.Tool with { Name = "pytorch peer" } };
        return new ComparisonSide(name, [new ComparisonRun(name, record)]);
    }

    [Fact]
    public void AModelOfTheSameNameAndAnotherShapeIsNeverComparable()
    {
        PointRecord point = ComparedRuns.Point(0.004, 1);
        RunRecord record = RecordBuilder.Gpu(point);
        var other = new ComparisonRun("b", record with { Model = record.Model with { HiddenSize = 5120 } });
        PointComparison refused = ComparedRuns.Compare(
            ComparedRuns.Side("a", point),
            new ComparisonSide("b", [other]),
            new ComparisonOptions { Across = true, IncludeInvalid = true }
        );
        Assert.Equal(ComparisonReasonCodes.OtherModel, Assert.Single(refused.Reasons).Code);
    }

    [Theory]
    [InlineData("verificationFailed", ComparisonReasonCodes.Invalid)]
    [InlineData("throttled", ComparisonReasonCodes.Throttled)]
    public void InvalidAndThrottledPointsAreNotComparableUnlessAskedFor(string reason, string code)
    {
        ComparisonSide baseline = ComparedRuns.Side("a", ComparedRuns.Point(0.004, 1));
        ComparisonSide bad = ComparedRuns.Side("b", RecordBuilder.Invalid(ComparedRuns.Point(0.005, 2), reason));
        PointComparison refused = ComparedRuns.Compare(baseline, bad);
        Assert.Equal(ComparisonVerdict.NotComparable, refused.Verdict);
        Assert.Equal(code, Assert.Single(refused.Reasons).Code);
        var include = new ComparisonOptions { IncludeInvalid = true };
        Assert.Equal(ComparisonVerdict.Slower, ComparedRuns.Compare(baseline, bad, include).Verdict);
    }

    [Fact]
    public void APowerLimitCountsWhereItHeldOneSideAlone()
    {
        static PointRecord Limited(int seed) =>
            ComparedRuns.Point(0.004, seed) with
            {
                RecordedWarnings = ["throttled"],
            };
        ComparisonSide limited = ComparedRuns.Side("a", Limited(1));
        Assert.Equal(
            ComparisonReasonCodes.Throttled,
            Assert
                .Single(ComparedRuns.Compare(limited, ComparedRuns.Side("b", ComparedRuns.Point(0.004, 2))).Reasons)
                .Code
        );
        Assert.Empty(ComparedRuns.Compare(limited, ComparedRuns.Side("b", Limited(2))).Reasons);
    }

    [Fact]
    public void TooFewSamplesShowNothing()
    {
        // RecordBuilder's own points hold three samples.
        PointComparison point = ComparedRuns.Compare(
            ComparedRuns.Side("a", RecordBuilder.Point(seconds: 0.004)),
            ComparedRuns.Side("b", RecordBuilder.Point(seconds: 0.008))
        );
        Assert.Equal(ComparisonVerdict.NoDifferenceShown, point.Verdict);
        Assert.Equal(2, point.StepRatio!.Ratio, 12);
        Assert.Equal(ComparisonReasonCodes.TooFewSamples, Assert.Single(point.Reasons).Code);
        Assert.False(point.IsJudged);
    }

    [Fact]
    public void SeveralRunsBringInWhatChangesFromRunToRun()
    {
        // Each run is known to well below 1 %, and runs of one side differ by 10 %: 4 % between the sides is not shown.
        ComparisonSide baseline = ComparedRuns.Runs(
            "a",
            ComparedRuns.Point(0.0038, 1),
            ComparedRuns.Point(0.0040, 2),
            ComparedRuns.Point(0.0042, 3)
        );
        ComparisonSide other = ComparedRuns.Runs(
            "b",
            ComparedRuns.Point(0.00396, 4),
            ComparedRuns.Point(0.00416, 5),
            ComparedRuns.Point(0.00436, 6)
        );
        PointComparison point = ComparedRuns.Compare(baseline, other);
        Assert.Equal(ComparisonVerdict.NoDifferenceShown, point.Verdict);
        Assert.Equal((3, 3), (point.BaselineRuns, point.Runs));
        Assert.Null(point.Samples);
        Assert.InRange(point.StepRatio!.Ratio, 1.03, 1.05);
        Assert.True(point.StepRatio.Ci95Low < 0.98, "three runs that differ by 10 % leave a wide interval");
        // A single pair of them would have been called a difference.
        Assert.Equal(
            ComparisonVerdict.Slower,
            ComparedRuns
                .Compare(baseline with { Runs = [baseline.Runs[1]] }, other with { Runs = [other.Runs[1]] })
                .Verdict
        );
    }

    [Fact]
    public void OfSeveralRunsTheInvalidOnesAreLeftOut()
    {
        ComparisonSide several = ComparedRuns.Runs(
            "b",
            ComparedRuns.Point(0.004, 2),
            RecordBuilder.Invalid(ComparedRuns.Point(0.9, 3), "verificationFailed")
        );
        PointComparison point = ComparedRuns.Compare(ComparedRuns.Side("a", ComparedRuns.Point(0.004, 1)), several);
        Assert.Equal(1, point.Runs);
        Assert.Equal(ComparisonVerdict.NoDifferenceShown, point.Verdict);
    }

    [Fact]
    public void WhatOnlyOneSideMeasuredIsListed()
    {
        ComparisonResult result = RecordComparer.Compare(
            ComparedRuns.Side("a", ComparedRuns.Point(0.004, 1), ComparedRuns.Point(0.003, 2, weights: "fp8")),
            [
                ComparedRuns.Side(
                    "b",
                    ComparedRuns.Point(0.004, 3),
                    ComparedRuns.Point(0.005, 4, weights: "bf16", batch: 8),
                    ComparedRuns.Point(0.003, 5, weights: "fp8", batch: 2)
                ),
            ],
            new ComparisonOptions()
        );
        Assert.Single(result.Points);
        Assert.Equal(
            [("a", "fp8", 1), ("b", "bf16", 8), ("b", "fp8", 2)],
            result.WithoutCounterpart.Select(one => (one.Side, one.Conditions.Weights, one.Conditions.Batch))
        );
    }

    [Fact]
    public void ABlockSizeThatIsNotSaidIsSixteen()
    {
        ComparisonSide unsaid = ComparedRuns.Side("a", ComparedRuns.Point(0.004, 1));
        ComparisonSide said = ComparedRuns.Side("b", ComparedRuns.Point(0.004, 2) with { KvBlockTokens = 16 });
        Assert.Empty(ComparedRuns.Compare(unsaid, said).Reasons);
    }

    [Fact]
    public void FormatsWithinARecordAreComparedWithTheFirst()
    {
        ComparisonSide side = ComparedRuns.Side(
            "a",
            ComparedRuns.Point(0.004, 1),
            ComparedRuns.Point(0.002, 2, weights: "int4"),
            ComparedRuns.Point(0.005, 3, batch: 8),
            ComparedRuns.Point(0.005, 4, weights: "int4", batch: 8)
        );
        ComparisonResult result = RecordComparer.CompareBy(side, FormatCondition.Weights, new ComparisonOptions());
        Assert.Equal(
            [("bf16", "int4", 1, ComparisonVerdict.Faster), ("bf16", "int4", 8, ComparisonVerdict.NoDifferenceShown)],
            result.Points.Select(point => (point.Baseline, point.Against, point.Conditions.Batch, point.Verdict))
        );
        Assert.Empty(RecordComparer.CompareBy(side, FormatCondition.Kv, new ComparisonOptions()).Points);
    }
}
