using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Levers;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Tests;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Economics.Tests.Levers;

/// <summary>What the measured points of a run say of steps that it did not measure.</summary>
public class MeasuredStepsTests
{
    private static readonly ModelInput Latency = LinkEquations.LatencyOf(AssumptionCatalogue.Inputs("H200 SXM"));

    /// <summary>Batches 1, 4 and 16 in 5, 6 and 20 ms; the run knows how fast the device computes.</summary>
    private static readonly PointRecord[] Grid = [Point(1, 5), Point(4, 6), Point(16, 20)];

    [Theory]
    [InlineData(7, 9.5)] // a quarter of the way from 4 to 16 sequences
    [InlineData(10, 13)]
    [InlineData(15, 20 - (14.0 / 12))]
    public void BetweenTwoMeasuredBatchesAStepTakesLongerThanTheSmallerAndNoLongerThanTheLarger(
        int batch,
        double milliseconds
    ) => Assert.Equal(milliseconds, Milliseconds(Grid, Grid[0], batch), 1e-6);

    [Fact]
    public void WhereExpertsAreReadTheWayBetweenTwoBatchesIsThatOfTheBytes()
    {
        // From 1 to 64 sequences most experts of a layer are read by the first few: half way is reached long before 32.
        PointRecord[] points = [Experts(1, 10), Experts(64, 40)];
        RunRecord record = RecordBuilder.Gpu(points) with
        {
            Model = RecordBuilder.Model("gpt-oss-20b") with { Layers = 24 },
        };
        var steps = new MeasuredSteps(record, points[0]);

        Assert.True(Milliseconds(steps, steps.Base with { Batch = 16 }) > 25);
        Assert.InRange(Milliseconds(steps, steps.Base with { Batch = 63 }), 25, 40);

        static PointRecord Experts(int batch, double milliseconds) =>
            Point(batch, milliseconds, "mxfp4") with
            {
                Context = 512,
                LayersMeasured = 24,
                LayersTotal = 24,
            };
    }

    [Fact]
    public void NoStepIsShorterThanOneOfFewerSequencesThatWasMeasured()
    {
        PointRecord[] uneven = [Point(1, 10), Point(4, 8), Point(16, 20)];

        // What was measured is as it was measured; the rest is not shorter than the slowest of fewer sequences.
        Assert.Equal(8, Milliseconds(uneven, uneven[0], 4), 1e-9);
        Assert.Equal(10, Milliseconds(uneven, uneven[0], 2), 1e-6);
        Assert.True(Milliseconds(uneven, uneven[0], 5) > 10);
        Assert.True(Milliseconds([Point(1, 10), Point(4, 8)], Point(1, 10), 5) >= 10);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(64)]
    [InlineData(4096)]
    public void AStepTakesAsLongWhicheverPointTheQuestionStartsFrom(int batch)
    {
        double[] times = [.. Grid.Select(start => Milliseconds(Grid, start, batch))];

        Assert.All(times, time => Assert.Equal(times[0], time, 1e-9));
    }

    [Fact]
    public void BeyondTheLargestMeasuredBatchThatOneIsScaled()
    {
        // Products are bound by arithmetic at 600 TFLOP/s from a hundred or so sequences on: ten times as many take ten times as long.
        PointRecord[] wide = [Point(1, 5), Point(1000, 100)];

        Assert.InRange(Milliseconds(wide, wide[0], 10_000), 950, 1050);
    }

    [Fact]
    public void IdlePowerIsOfTheDeviceThatWasMeasured()
    {
        PointRecord point = Point(1, 5);
        var steps = new MeasuredSteps(RecordBuilder.WithIdlePower(RecordBuilder.Gpu(point), 90), point);
        StepTarget other = steps.Base with { Hardware = HardwareCatalogue.Find("b200") };

        Assert.Equal(90, steps.IdlePowerOf(steps.Base with { Batch = 64 }).Value);
        Assert.Null(steps.IdlePowerOf(other).Value);
    }

    [Fact]
    public void AnExtrapolatedStepTakesThePowerOfTheNearestMeasuredBatch()
    {
        PointRecord[] powered =
        [
            Point(1, 5) with
            {
                Power = Figure.Measured(300),
            },
            Point(16, 20) with
            {
                Power = Figure.Measured(600),
            },
        ];

        foreach (PointRecord start in powered)
        {
            MeasuredSteps steps = Steps(powered, start);
            Assert.Equal(600, steps.PowerOf(steps.Base with { Batch = 64 }).Value);
            Assert.Equal(300, steps.PowerOf(steps.Base with { Batch = 2 }).Value);
        }
    }

    [Theory]
    [InlineData(WeightFormat.MxFp4)]
    [InlineData(WeightFormat.NvFp4)]
    [InlineData(WeightFormat.Fp8)]
    public void AFormatThatWasNotMeasuredIsNoFasterThanAMeasuredOneThatReadsLess(WeightFormat weights)
    {
        // int4 reaches less of its limit than bf16, as narrow formats do: others of its width are scaled from it.
        PointRecord[] points = [Point(1, 5), Point(1, 3, "int4")];
        MeasuredSteps steps = Steps(points, points[0]);

        double milliseconds = Milliseconds(
            steps,
            steps.Base with
            {
                Formats = steps.Base.Formats with { Weights = weights },
            }
        );

        Assert.True(milliseconds >= 3, $"{milliseconds} ms");
    }

    [Fact]
    public void AFormatIsScaledFromItsOwnPointsBeforeThoseOfOtherFormats()
    {
        PointRecord[] points = [Point(1, 5), Point(4, 6), Point(1, 3, "int4"), Point(8, 9, "int4")];
        MeasuredSteps steps = Steps(points, points[0]);
        StepTarget narrow = steps.Base with
        {
            Batch = 4,
            Formats = steps.Base.Formats with { Weights = WeightFormat.Int4 },
        };

        Assert.Equal(3 + (6 * 3.0 / 7), Milliseconds(steps, narrow), 1e-6);
    }

    [Fact]
    public void DraftedTokensTakeWhatAsManySequencesTakeLessTheirCaches()
    {
        MeasuredSteps steps = Steps(Grid, Grid[0]);
        double plain = Milliseconds(steps, steps.Base with { Batch = 10 });
        double check = steps.TimeOf(steps.Base, 10, Latency).Seconds!.Value * 1e3;

        // Ten caches of 8192 tokens are 10.7 GB beside 16 GB of weights, of which one is read.
        Assert.InRange(check, 0.6 * plain, 0.7 * plain);
        Assert.True(check > 5);
    }

    [Fact]
    public void ALimitHoldsAtWhatTheRunMeasured()
    {
        LeverOutcome wide = WithLimit(Grid, 18);

        // 20 ms at batch 16 are too long; 6 + (batch − 4) × 14 / 12 ms before.
        Assert.Equal(14, wide.Conditions!.Batch);
        Assert.Equal(0.006 + (10 * 0.014 / 12), wide.SecondsPerToken!.Value, 1e-9);
    }

    [Fact]
    public void ABatchThatWasMeasuredWithinTheLimitIsFoundWhereASmallerOneIsSlower() =>
        Assert.Equal(4, WithLimit([Point(1, 10), Point(4, 8), Point(16, 20)], 9).Conditions!.Batch);

    [Fact]
    public void WithoutAnArithmeticCeilingStepsBetweenMeasuredBatchesAreKnownAndLargerOnesAreNot()
    {
        var steps = new MeasuredSteps(RecordBuilder.Gpu(Grid), Grid[0]);

        Assert.Equal(13, Milliseconds(steps, steps.Base with { Batch = 10 }), 1e-6);
        Assert.Null(steps.TimeOf(steps.Base with { Batch = 17 }, 1, Latency).Seconds);
        Assert.Equal(16, steps.LargestKnownBatch(steps.Base));
    }

    [Fact]
    public void APointThatIsInvalidIsNotWhatOthersAreScaledFrom()
    {
        PointRecord slow = RecordBuilder.Invalid(Point(32, 500), "tooFewSamples");
        PointRecord[] points = [.. Grid, slow];

        Assert.Equal(
            Milliseconds(Grid, Grid[0], 64),
            Steps(points, slow).TimeOf(Steps(points, slow).Base with { Batch = 64 }, 1, Latency).Seconds!.Value * 1e3,
            1e-9
        );
    }

    private static LeverOutcome WithLimit(PointRecord[] points, double milliseconds) =>
        LeverAnalysis
            .Of(
                Steps(points, points[0]),
                PlainScenario.Of(
                    "H200 SXM",
                    PriceCatalogue.Find(HardwareCatalogue.Find("h200")),
                    PriceCatalogue.DefaultUtilization
                ),
                new LeverSettings { MaxSecondsPerToken = milliseconds / 1e3 }
            )
            .Alone.Single(outcome => outcome.Levers[0].Id == "batch");

    private static double Milliseconds(PointRecord[] points, PointRecord start, int batch)
    {
        MeasuredSteps steps = Steps(points, start);
        return Milliseconds(steps, steps.Base with { Batch = batch });
    }

    private static double Milliseconds(MeasuredSteps steps, StepTarget target) =>
        steps.TimeOf(target, 1, Latency).Seconds!.Value * 1e3;

    private static MeasuredSteps Steps(PointRecord[] points, PointRecord start)
    {
        RunRecord record = RecordBuilder.Gpu(points);
        return new MeasuredSteps(
            record with
            {
                Ceilings = record.Ceilings with { FlopsPerSecond = Figure.Measured(600e12) },
            },
            start
        );
    }

    private static PointRecord Point(int batch, double milliseconds, string weights = "bf16") =>
        RecordBuilder.Point(weights, "fp16", batch, 8192, milliseconds / 1e3);
}
