using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Tests.Layers;

/// <summary>
/// What must hold between the costs of neighbouring configurations, whatever the equations are: of dense models, experts, latent
/// attention and windows, on devices of two vendors, in every format, rented and owned. Drawn from a fixed seed.
/// </summary>
public class CostRelationTests
{
    private const int Seed = 20261130;
    private const int Cases = 60;

    private static readonly string[] s_models =
    [
        "llama-3.1-8b",
        "llama-2-13b",
        "mixtral-8x7b",
        "qwen3-235b-a22b",
        "deepseek-v3",
        "gpt-oss-120b",
        "gemma-3-27b",
    ];

    private static readonly string[] s_devices = ["h100", "h200", "b200", "gb200", "mi300x", "mi355x"];

    private sealed record Case(string Model, string Device, StepFormats Formats, int Batch, int Context, int Devices)
    {
        public override string ToString() =>
            $"seed {Seed}: {Model} on {Devices} × {Device}, {Formats.Weights.Name()} weights, {Formats.Kv.Name()} KV, batch {Batch}, context {Context}";
    }

    [Fact]
    public void ALargerBatchNeverMakesFewerTokensNorAShorterStep() =>
        ForEach(one =>
        {
            (double less, double more) = (Seconds(one), Seconds(one with { Batch = one.Batch * 2 }));
            Assert.True(more >= less * Below, $"{one}: twice the batch takes {more} s, not {less}");
            Assert.True(more <= 2 * less * Above, $"{one}: twice the batch takes {more} s, more than twice {less}");
        });

    [Fact]
    public void ALongerContextNeverShortensAStep() =>
        ForEach(one =>
        {
            (double less, double more) = (Seconds(one), Seconds(one with { Context = one.Context * 2 }));
            Assert.True(more >= less * Below, $"{one}: twice the context takes {more} s, not {less}");
        });

    [Fact]
    public void NarrowerWeightsOrCachesNeverLengthenAStep() =>
        ForEach(one =>
        {
            double wide = Seconds(one with { Formats = Formats(WeightFormat.Bf16, KvFormat.Bf16) });
            double narrow = Seconds(one);
            Assert.True(narrow <= wide * Above, $"{one}: {narrow} s, and {wide} s with 16 bits");
        });

    [Fact]
    public void TwiceTheDevicesNeverMoreThanHalveAStep() =>
        ForEach(one =>
        {
            if (TryPredict(one with { Devices = one.Devices * 2 }) is RooflinePrediction twice)
            {
                double seconds = Predict(one).StepSeconds;
                Assert.True(
                    twice.StepSeconds >= seconds / 2 * Below,
                    $"{one}: {seconds} s, and {twice.StepSeconds} s on twice the devices"
                );
            }
        });

    [Fact]
    public void NoStepBeatsTheBytesOrTheOperationsOfItsDevice() =>
        ForEach(one =>
        {
            RooflinePrediction step = Predict(one);
            DeviceSpecification device = step.Hardware.ToSpecification();
            double bytes = step.Plan.Totals.WeightReadBytes + (double)step.Plan.Totals.KvReadBytes;
            Assert.True(step.StepSeconds >= bytes / device.MemoryBytesPerSecond!.Value * Below, $"{one}: bytes");
            Assert.True(
                step.StepSeconds >= step.Plan.Totals.Flops / device.Bf16FlopsPerSecond!.Value * Below,
                $"{one}: operations"
            );
        });

    [Theory]
    [InlineData("rented")]
    [InlineData("owned")]
    public void ATokenIsCheaperTheBusierADeviceAndDearerTheDearerIt(string ownership) =>
        ForEach(one =>
        {
            string price = ownership == "rented" ? "rent: {0}" : "gpu_price: {0}, host_price: 10000";
            double[] use =
            [
                .. ((double[])[0.1, 0.4, 0.7, 1]).Select(util => Usd(one, ownership, $"util: {util}, {Of(price, 2)}")),
            ];
            double[] cost =
            [
                .. ((double[])[1, 2, 4]).Select(usd => Usd(one, ownership, $"util: 0.5, {Of(price, usd)}")),
            ];
            Assert.Equal(use.OrderDescending(), use);
            Assert.Equal(cost.Order(), cost);
            Assert.Equal(cost.Distinct().Count(), cost.Length);

            static string Of(string price, double value) =>
                string.Format(System.Globalization.CultureInfo.InvariantCulture, price, value);
        });

    [Fact]
    public void AtTheWholeRooflineAChoiceCostsWhatThePredictionCosts() =>
        ForEach(one =>
        {
            Scenario scenario = ScenarioReader.Parse(
                "values: { efficiency: 1 }",
                "a test",
                HardwareCatalogue.Find(one.Device).Name
            );
            RooflinePrediction prediction = Predict(one);
            double choice = PredictedCase.Price(prediction, scenario).Total.UsdPerMillionTokens.Value!.Value;
            double cost = CostStack
                .Create(CostCaseFactory.OfUnchecked(prediction, scenario), scenario)
                .Total.UsdPerMillionTokens.Value!.Value;
            Assert.True(Math.Abs(choice - cost) <= 1e-9 * cost, $"{one}: {choice} and {cost}");
        });

    [Fact]
    public void ABillOverItsTokensIsTheCostAtTheUseThatItReaches()
    {
        var random = new Random(Seed + 1);
        ForEach(one =>
        {
            double output = Math.Pow(10, 7 + (5 * random.NextDouble()));
            var demand = new TrafficDemand(output, 0);
            Scenario scenario = ScenarioReader.Default(HardwareCatalogue.Find(one.Device).Name);
            RooflinePrediction prediction = Predict(one);
            FleetBill bill = FleetBill.Of(
                scenario,
                demand,
                (billed, more) => PredictedCase.Price(prediction, billed, more)
            );
            double perDay = bill.Values[FleetEquations.DaySymbol(CostLayers.Total)];
            double perToken = bill.Stack.Total.UsdPerMillionTokens.Value!.Value;
            Assert.True(Math.Abs(perDay - (perToken * output / 1e6)) <= 1e-9 * perDay, $"{one}: {perDay}");
            Assert.True(
                bill.Values["util"] <= bill.Values["fleet_load"] * Above,
                $"{one}: busier than the fleet may be"
            );
            double parts = CostLayers.Parts.Sum(layer => bill.Values[FleetEquations.DaySymbol(layer)]);
            Assert.True(Math.Abs(parts - perDay) <= 1e-9 * perDay, $"{one}: layers add up to {parts}, not {perDay}");
        });
    }

    /// <summary>Rounding of sums in another order.</summary>
    private const double Above = 1 + 1e-9;
    private const double Below = 1 - 1e-9;

    private static void ForEach(Action<Case> check)
    {
        var random = new Random(Seed);
        int left = Cases;
        while (left > 0)
        {
            var one = new Case(
                Of(s_models),
                Of(s_devices),
                Formats(Of(Enum.GetValues<WeightFormat>()), Of(Enum.GetValues<KvFormat>())),
                1 << random.Next(9),
                128 << random.Next(9),
                1 << random.Next(4)
            );
            if (TryPredict(one) is not null)
            {
                check(one);
                left--;
            }
        }

        T Of<T>(IReadOnlyList<T> values) => values[random.Next(values.Count)];
    }

    private static StepFormats Formats(WeightFormat weights, KvFormat kv) =>
        new()
        {
            Weights = weights,
            LmHead = WeightFormat.Bf16,
            Kv = kv,
            Activations = ActivationFormat.Bf16,
        };

    private static double Seconds(Case one) => Predict(one).StepSeconds;

    private static RooflinePrediction Predict(Case one) =>
        RooflinePrediction.Of(
            DecodeStepPlan.Create(
                ModelCatalogue.Resolve(one.Model) with
                {
                    MaxContextTokens = int.MaxValue,
                },
                StepConditions.Uniform(one.Formats, one.Batch, one.Context, one.Devices)
            ),
            HardwareCatalogue.Find(one.Device)
        );

    /// <summary>The prediction; null where the model cannot be split over so many devices.</summary>
    private static RooflinePrediction? TryPredict(Case one)
    {
        try
        {
            return Predict(one);
        }
        catch (InputException)
        {
            return null;
        }
    }

    private static double Usd(Case one, string ownership, string values)
    {
        Scenario scenario = ScenarioReader.Parse(
            $"{{ ownership: {ownership}, values: {{ {values} }} }}",
            "a test",
            HardwareCatalogue.Find(one.Device).Name
        );
        return PredictedCase.Price(Predict(one), scenario).Total.UsdPerMillionTokens.Value!.Value;
    }
}
