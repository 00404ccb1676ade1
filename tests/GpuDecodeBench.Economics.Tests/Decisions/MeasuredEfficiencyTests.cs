using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Tests.Calibration;
using GpuDecodeBench.Records;
using GpuDecodeBench.Tests;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Tests.Decisions;

public class MeasuredEfficiencyTests
{
    [Fact]
    public void ARunsOwnShareOfTheRooflineCanTakeThePlaceOfTheAssumedOne()
    {
        RunRecord record = RecordBuilder.Gpu(
            Point(0.5),
            Point(0.7),
            Point(0.4),
            RecordBuilder.Invalid(Point(0.1), "tooFewSamples")
        );
        var efficiency = MeasuredEfficiency.Of(record);

        Assert.Equal(0.4, efficiency.Low!.Value, 1e-9);
        Assert.Equal(0.5, efficiency.Value!.Value, 1e-9);
        Assert.Equal(0.7, efficiency.High!.Value, 1e-9);
        Assert.Equal(Provenance.Extrapolated, efficiency.Provenance.Kind);
        Assert.Throws<InputException>(() => MeasuredEfficiency.Of(RecordBuilder.Gpu()));
    }

    [Fact]
    public void AThrottledPointSetsNoShareAsItIsNotPricedEither()
    {
        PointRecord throttled = Point(0.2) with { ThrottleReasons = ["softwarePowerCap"] };
        Assert.Equal(0.6, MeasuredEfficiency.Of(RecordBuilder.Gpu(Point(0.6), throttled)).Low!.Value, 1e-9);
        Assert.Throws<InputException>(() => MeasuredEfficiency.Of(RecordBuilder.Gpu(throttled)));
    }

    [Fact]
    public void TheShareIsOfTheMeanStepThatTokensArePaidBy() =>
        Assert.Equal(
            0.6 / 1.2,
            MeasuredEfficiency.Of(RecordBuilder.Gpu(RecordBuilder.Uneven(Point(0.6), 1.2))).Value!.Value,
            1e-9
        );

    [Fact]
    public void FewerLayersOfOneDeviceMakeTheShareOfTheWholeModel()
    {
        // The LM head, which runs once, is a larger part of eight layers' step than of sixteen's, and nearer to its roofline.
        DecodeStepPlan whole = SyntheticRun.Plan("llama-3.2-1b", WeightFormat.Int4, 1, 512, null);
        RunRecord all = SyntheticRun.Record("llama-3.2-1b", 16, [WeightFormat.Int4], [1], [512]);
        RunRecord half = SyntheticRun.Record("llama-3.2-1b", 8, [WeightFormat.Int4], [1], [512]);
        half = half with
        {
            Points =
            [
                half.Points[0] with
                {
                    FullStepSeconds = SyntheticRun.StepSeconds(whole),
                    RecordedTokensPerSecond = 1 / SyntheticRun.StepSeconds(whole),
                },
            ],
        };
        double expected = MeasuredEfficiency.Of(WithDatasheet(all)).Value!.Value;
        Assert.Equal(expected, MeasuredEfficiency.Of(WithDatasheet(half)).Value!.Value, 1e-9);
    }

    private static RunRecord WithDatasheet(RunRecord record) =>
        record with
        {
            Device = record.Device with { Specification = HardwareCatalogue.Find("l4").ToSpecification() },
        };

    [Theory]
    [InlineData(1)]
    [InlineData(256)] // products bound by arithmetic, attention by memory
    public void AStepAtTheRooflineHasAShareOfOne(int batch)
    {
        DecodeStepPlan plan = Plan(batch, 2048);
        PointRecord point = Point(1, batch, 2048);
        RooflinePrediction prediction = RooflinePrediction.Of(plan, HardwareCatalogue.Find("h200"));
        Assert.Equal(prediction.Step.Seconds, point.FullStepSeconds, 1e-12);
        Assert.Equal(0.5, MeasuredEfficiency.Of(RecordBuilder.Gpu(Point(0.5, batch, 2048))).Value!.Value, 1e-9);
    }

    [Fact]
    public void OfAModelThatIsNotKnownTheOperationsOfAllItsLayersDo()
    {
        // 14 GB in 5 ms are 2.8 TB/s of 4.8; with fewer layers nothing says what the others would be held against.
        PointRecord point = RecordBuilder.Point(seconds: 0.005);
        RunRecord record = RecordBuilder.Gpu(point) with { Model = RecordBuilder.Model("my-own") };
        // The arithmetic of rotations adds 1 ns.
        Assert.Equal(2.8 / 4.8, MeasuredEfficiency.Of(record).Value!.Value, 1e-6);
        RunRecord partial = record with { Points = [RecordBuilder.Extrapolated(point)] };
        Assert.Throws<InputException>(() => MeasuredEfficiency.Of(partial));
    }

    [Fact]
    public void ADeviceWithoutADatasheetSaysNothingOfPredictionsByOne()
    {
        var refusal = Assert.Throws<InputException>(() => MeasuredEfficiency.Of(RecordBuilder.Cpu(Point(0.5))));
        Assert.Contains("No datasheet of", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>A point of llama-3.1-8b on an H200 that reaches a share of its roofline.</summary>
    private static PointRecord Point(double share, int batch = 1, int context = 8192)
    {
        double roofline = RooflinePrediction.Of(Plan(batch, context), HardwareCatalogue.Find("h200")).Step.Seconds;
        return RecordBuilder.Point(kv: "fp8", batch: batch, context: context, seconds: roofline / share);
    }

    private static DecodeStepPlan Plan(int batch, int context) =>
        DecodeStepPlan.Create(
            ModelCatalogue.Find("llama-3.1-8b"),
            StepConditions.Uniform(
                new StepFormats
                {
                    Weights = WeightFormat.Bf16,
                    LmHead = WeightFormat.Bf16,
                    Kv = KvFormat.Fp8,
                    Activations = ActivationFormat.Fp32,
                },
                batch,
                context
            )
        );
}
