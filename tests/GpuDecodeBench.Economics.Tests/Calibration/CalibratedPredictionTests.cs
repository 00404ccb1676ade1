using GpuDecodeBench.Economics.Calibration;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Tests;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Tests.Calibration;

public class CalibratedPredictionTests
{
    private static readonly CalibrationReport s_report = CalibrationReport.Of(
        CalibrationSet.Of([
            SyntheticRun.Record("llama-3.2-1b", 3, [WeightFormat.Bf16, WeightFormat.Int4], [1, 4, 16], [512, 4096]),
            SyntheticRun.Record("llama-3.1-8b", 2, [WeightFormat.Bf16, WeightFormat.Int4], [1, 4, 16], [512, 4096]),
        ])
    );

    [Theory]
    [InlineData("llama-3.1-8b", 4, 3000, 32)] // another context and depth
    [InlineData("mistral-7b-v0.3", 16, 20000, null)] // another model and a context beyond those measured
    public void ABatchThatWasMeasuredIsPredictedByTheDevicesLaw(string model, int batch, int context, int? layers)
    {
        CalibratedPrediction prediction = Predict(model, batch, context, layers: layers);
        double known = SyntheticRun.StepSeconds(prediction.Plan);
        Assert.Equal(1, prediction.Step.Seconds / known, 6);
        Assert.Equal(batch / known, prediction.TokensPerSecond, 3);
        Assert.Equal(Provenance.Extrapolated, prediction.Provenance.Kind);
        Assert.Contains(
            "24 measured points of llama-3.2-1b and llama-3.1-8b",
            prediction.Provenance.Detail!,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData(2, false)]
    [InlineData(8, false)]
    [InlineData(64, true)]
    public void ABatchThatWasNotMeasuredIsWithinItsErrorEstimate(int batch, bool outside)
    {
        CalibratedPrediction prediction = Predict("llama-3.1-8b", batch, 2048);
        double error = Math.Abs((SyntheticRun.StepSeconds(prediction.Plan) / prediction.Step.Seconds) - 1);
        Assert.True(error <= prediction.Error.Fraction, $"{error} beyond {prediction.Error.Fraction}");
        Assert.True(prediction.Error.Band > 0.01);
        Assert.Equal(outside, prediction.Error.IsOutside);
        Assert.Contains("a batch that was not measured", prediction.Error.Describe(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llama-3.1-8b", 8)]
    [InlineData("qwen3-30b-a3b", 4)]
    public void TheDerivationSaysWhatWasPredicted(string model, int batch)
    {
        CalibratedPrediction prediction = Predict(model, batch, 2048);
        Evaluation derived = CalibrationEquations.Of(prediction).Evaluate();
        Assert.Equal(1, derived["t_step"] / 1e3 / prediction.Step.Seconds, 12);
        Assert.Equal(1, derived["rate"] / prediction.TokensPerSecond, 12);
        Assert.Equal(1, derived["e_step"] / 100 / prediction.Error.Fraction, 12);
        foreach (CalibratedOperation operation in prediction.Step.Operations)
        {
            Assert.Equal(1, derived[$"t_{operation.Name}"] / 1e3 / operation.Seconds, 12);
            Assert.Equal(Provenance.Extrapolated, derived.Figure($"t_{operation.Name}").Provenance.Kind);
        }

        // The sum says of itself what its lines say.
        Assert.Equal(prediction.Provenance.Kind, derived.Figure("rate").Provenance.Kind);

        Assert.Contains(
            prediction.Explain(),
            line => line.ToString().Contains("rate = batch / t_mean = ", StringComparison.Ordinal)
        );
    }

    [Fact]
    public void TheErrorEstimateIsWhatItsPartsMake()
    {
        // sqrt(3² + 4² + 12²) = 13; with 5 and 2 on top 20 %.
        var error = new ErrorEstimate
        {
            LeaveOneOut = 0.03,
            Model = 0.04,
            Context = 0.12,
            Band = 0.05,
            StandIn = 0.02,
            IsModelAssumed = true,
            IsOutside = true,
        };
        Assert.Equal(0.2, error.Fraction, 12);
        Assert.Contains("4.0 % another model (assumed", error.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public void AFormatThatWasNotMeasuredIsRefusedWithThoseThatWere()
    {
        InputException weights = Assert.Throws<InputException>(() =>
            Predict("llama-3.1-8b", 4, 512, weights: WeightFormat.Fp8)
        );
        Assert.Contains("fp8 was not measured", weights.Message, StringComparison.Ordinal);
        Assert.Contains("bf16, int4", weights.Message, StringComparison.Ordinal);
        InputException kv = Assert.Throws<InputException>(() => Predict("llama-3.1-8b", 4, 512, kv: KvFormat.Int8));
        Assert.Contains("KV format int8 was not measured", kv.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void OperationsThatWereNotMeasuredTakeAnothersTimesAndSaySo()
    {
        // qwen3 normalises each head, which llama does not.
        CalibratedPrediction prediction = Predict("qwen3-8b", 4, 512);
        CalibratedOperation norm = prediction.Step.Operations.Single(operation => operation.Class.Kind == "headNorm");
        Assert.Equal("rmsNorm", norm.StandIn?.Kind);
        Assert.True(prediction.Error.StandIn > 0);

        // Experts run as plain products of their format.
        prediction = Predict("qwen3-30b-a3b", 4, 512);
        CalibratedOperation experts = prediction.Step.Operations.First(operation =>
            operation.Class.Kind == "expertLinear"
        );
        Assert.Equal(new OperationClass("linear", "bf16"), experts.StandIn);
        Assert.True(prediction.Error.StandIn > 0.1);
    }

    [Fact]
    public void AnUnmeasuredPointIsPricedWithItsErrorAsARange()
    {
        CalibratedPrediction prediction = Predict("llama-3.2-1b", 4, 1024, layers: null);
        TokenCost cost = CalibratedCost.Of(prediction).Cost!;
        Assert.Equal(Provenance.Extrapolated, cost.Provenance.Kind);
        Assert.Equal(1024, cost.Conditions.ContextTokens);
        Assert.Equal(8, cost.Conditions.Hardware.Threads);

        Scenario scenario = ScenarioReader.Parse("{name: rented, ownership: rented}", "rented", null);
        CostCase priced = CostCaseFactory.Of(prediction, scenario);
        ModelInput rate = priced.Inputs.Single(input => input.Symbol == "rate");
        Assert.Equal(prediction.TokensPerSecond, rate.Value!.Value, 9);
        Assert.Equal(prediction.TokensPerSecond * (1 + prediction.RateErrorFraction), rate.High!.Value, 9);
        Assert.Equal(prediction.TokensPerSecond / (1 + prediction.RateErrorFraction), rate.Low!.Value, 9);
    }

    [Fact]
    public void AMeasuredPointCostsTheSameByItsCalibration()
    {
        // Mean steps 20 % above the median in all points: 1.2 times the price of the median step, as for the points themselves.
        RunRecord record = Uneven(_ => 1.2);
        PointRecord point = record.Points[0];
        CalibratedPrediction prediction = Predict(
            "llama-3.2-1b",
            point.Batch,
            point.Context,
            report: CalibrationReport.Of(CalibrationSet.Of([record]))
        );
        var options = new CostOptions { UsdPerHour = TestCosts.Given(3.6), Utilization = TestCosts.Given(0.5) };
        double measured = RecordCost.Of(record, point, options).Cost!.UsdPerMillionTokens;
        Assert.Equal(1, CalibratedCost.Of(prediction, options).Cost!.UsdPerMillionTokens / measured, 6);
        Assert.Equal(1.2, prediction.MeanStepSeconds / prediction.Step.Seconds, 9);
        Assert.Equal(prediction.Error.Fraction, prediction.RateErrorFraction, 9);
        Assert.Contains("1.200 times the median", prediction.Provenance.Detail!, StringComparison.Ordinal);
    }

    [Fact]
    public void HowFarMeanStepsScatterIsPartOfTheRatesError()
    {
        CalibrationReport report = CalibrationReport.Of(CalibrationSet.Of([Uneven(i => i % 2 == 0 ? 1 : 1.2)]));
        Assert.Equal(1.1, report.MeanStep.Ratio, 9);
        Assert.Equal(0.1 / 1.1, report.MeanStep.Fraction, 9);
        CalibratedPrediction prediction = Predict("llama-3.2-1b", 4, 512, report: report);
        double error = Math.Sqrt(Math.Pow(prediction.Error.Fraction, 2) + Math.Pow(0.1 / 1.1, 2));
        Assert.Equal(error, prediction.RateErrorFraction, 9);
        Evaluation derived = CalibrationEquations.Of(prediction).Evaluate();
        Assert.Equal(error * 100, derived["e_rate"], 6);
        Assert.Equal(1, derived["rate"] / prediction.TokensPerSecond, 12);
    }

    [Fact]
    public void AStepThatDoesNotFitTheDeviceHasNoCost()
    {
        // 70.6e9 parameters at two bytes are 141 GB; the device has 64 GiB.
        CalibratedPrediction prediction = Predict("llama-3.1-70b", 4, 512);
        Assert.False(prediction.Fits);
        Assert.Equal(PredictionCost.DoesNotFit, CalibratedCost.Of(prediction).Unavailable!.Reason);
    }

    /// <summary>A grid whose points' mean steps lie above their medians by factors.</summary>
    private static RunRecord Uneven(Func<int, double> meanOverMedian)
    {
        RunRecord record = SyntheticRun.Record("llama-3.2-1b", 16, [WeightFormat.Bf16], [1, 4, 16], [512, 4096]);
        return record with
        {
            Points = [.. record.Points.Select((point, i) => RecordBuilder.Uneven(point, meanOverMedian(i)))],
        };
    }

    private static CalibratedPrediction Predict(
        string model,
        int batch,
        int context,
        WeightFormat weights = WeightFormat.Bf16,
        KvFormat kv = KvFormat.Bf16,
        int? layers = null,
        CalibrationReport? report = null
    ) =>
        CalibratedPrediction.Of(
            report ?? s_report,
            ModelCatalogue.Find(model),
            new StepFormats
            {
                Weights = weights,
                LmHead = StepFormats.DefaultLmHead(weights),
                Kv = kv,
                Activations = ActivationFormat.Bf16,
            },
            batch,
            context,
            layers: layers
        );
}
