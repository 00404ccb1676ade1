using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Tests;

namespace GpuDecodeBench.Economics.Tests.Layers;

public class CostStackTests
{
    /// <summary>Whatever the scenario: a layer's $/Mtok times Mtok/h is its $/h, and the layers add up to the total.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void DollarsPerTokenTimesTokensAreDollarsPerHourInEveryScenario(int seed)
    {
        var random = new Random(seed);
        for (int i = 0; i < 200; i++)
        {
            var ownership = (Ownership)(i % 2);
            var facility = (FacilityMode)(i / 2 % 2);
            CostStack stack = CostStack.Create(RandomCase(random), RandomScenario(random, ownership, facility));
            double millionTokensPerHour = stack.Evaluation["tok_paid"];
            foreach (CostLayer layer in stack.Layers.Append(stack.Total))
            {
                double hourly = layer.UsdPerDeviceHour.Value!.Value;
                Assert.Equal(hourly, layer.UsdPerMillionTokens.Value!.Value * millionTokensPerHour, hourly * 1e-9);
            }

            double total = stack.Total.UsdPerDeviceHour.Value!.Value;
            Assert.Equal(total, stack.Layers.Sum(layer => layer.UsdPerDeviceHour.Value!.Value), total * 1e-9);
            Assert.Equal(1, stack.Layers.Sum(layer => layer.Share!.Value), 1e-9);
        }
    }

    [Theory]
    [InlineData(500.0, "idle power is missing: it was not measured", "busy power")]
    [InlineData(null, "busy power is missing: it was not measured", "idle power")]
    public void WithoutADesignPowerThePowerThatIsMissingIsNamed(double? watts, string missing, string wrong)
    {
        PointRecord point = RecordBuilder.Point() with
        {
            Power = watts is double measured ? Figure.Measured(measured) : Figure.Unavailable("noPowerSensor"),
        };
        RunRecord record = RecordBuilder.Gpu(point);
        DeviceSpecification unknown = record.Device.Specification! with { TdpWatts = null };
        record = record with { Device = record.Device with { Specification = unknown } };
        Scenario owned = ScenarioReader.Parse("ownership: owned", "owned", "H200 SXM");

        string why = CostStack
            .Create(CostCaseFactory.Of(record, point, owned), owned)
            .Total.UsdPerMillionTokens.Provenance.Detail!;

        Assert.Contains(missing, why, StringComparison.Ordinal);
        Assert.DoesNotContain(wrong, why, StringComparison.Ordinal);
    }

    [Fact]
    public void IdlePowerIsAsMeasuredWhereARunMeasuredIt()
    {
        PointRecord point = RecordBuilder.Point() with { Power = Figure.Measured(500) };
        RunRecord record = RecordBuilder.WithIdlePower(RecordBuilder.Gpu(point), 90);
        Scenario owned = ScenarioReader.Parse("ownership: owned\nvalues: { util: 0.5 }", "owned", "H200 SXM");

        Evaluation found = CostStack.Create(CostCaseFactory.Of(record, point, owned), owned).Evaluation;

        Assert.Equal(295, found["p_gpu"], 1e-9);
        Assert.Equal(Provenance.Measured, found.Figure("p_idle").Provenance.Kind);
    }

    [Fact]
    public void CapitalIsTheAnnuityOfThePriceLessItsResidualValue()
    {
        CostStack stack = Owned(("gpu_price", 32000), ("host_price", 0), ("years", 3), ("value_kept", 0), ("wacc", 0));

        // $32,000 over 3 × 8760 h.
        Assert.Equal(32000.0 / 26280, stack.Evaluation["usd_capital"], 1e-9);

        stack = Owned(
            ("gpu_price", 30000),
            ("host_price", 10000),
            ("years", 4),
            ("value_kept", 0.668740304976422),
            ("wacc", 0.1)
        );

        // 1.1^4 = 1.4641; crf = 0.1 × 1.4641 / 0.4641 = 0.315470804; net = 40000 − 8000 / 1.4641 = 34535.892357;
        // 34535.892357 × 0.315470804 / 8760 h = $1.243729/h.
        Assert.Equal(1.243729, stack.Evaluation["usd_capital"], 1e-5);
    }

    [Fact]
    public void EveryWattIsPaidOnce()
    {
        CostStack stack = Owned(
            ("tariff", 0.10),
            ("pue", 1.25),
            ("p_host", 100),
            ("p_nand", 10),
            ("p_switch", 70),
            ("p_nic", 20),
            ("dc_price", 0),
            ("usd_nand_local", 0),
            ("usd_nand_offload", 0),
            ("usd_nand_shared", 0),
            ("network_price", 0)
        );

        // Busy half the time: 0.5 × 600 + 0.5 × 200 = 400 W; with 100 + 10 + 90 W of the rest 600 W, × 1.25 = 750 W from the grid.
        Assert.Equal(750, stack.Evaluation["p_wall"], 1e-9);
        double electricity = stack
            .Layers.Where(layer => layer.Kind.Id is "power" or "facility" or "nand" or "network")
            .Sum(layer => layer.UsdPerDeviceHour.Value!.Value);
        Assert.Equal(0.75 * 0.10, electricity, 1e-12);
    }

    [Fact]
    public void APueBuiltUpCountsOnlyWhatIsNotEquipment()
    {
        Scenario scenario = Scenario(
            Ownership.Owned,
            FacilityMode.BuiltUp,
            ("f_cooling", 0.05),
            ("f_distribution", 0.04),
            ("f_hvac", 0.01)
        );

        Assert.Equal(1.10, CostStack.Create(Case(), scenario).Evaluation["pue"], 1e-12);
    }

    [Fact]
    public void ARentPaysForElectricityBuildingStorageAndNetwork()
    {
        CostStack stack = CostStack.Create(
            Case(),
            Scenario(
                Ownership.Rented,
                FacilityMode.OnePue,
                ("labour_fraction", 0.18),
                ("software_fee", 0),
                ("egress_fraction", 0)
            )
        );

        Assert.Equal(2.50 * 1.18, stack.Total.UsdPerDeviceHour.Value!.Value, 1e-12);
        Assert.Equal(
            ["power", "facility", "nand", "network"],
            stack.Layers.Where(layer => layer.IsInTheRent).Select(layer => layer.Kind.Id)
        );
        // 2.95 $/h over 1000 tok/s × 0.5 × 3600 s = 1.8 Mtok/h.
        Assert.Equal(2.95 / 1.8, stack.Total.UsdPerMillionTokens.Value!.Value, 1e-12);
    }

    [Fact]
    public void InputTokensCostTheTimeOfTheirPrefillLessWhatACacheHolds()
    {
        CostStack stack = CostStack.Create(
            Case(),
            Scenario(
                Ownership.Rented,
                FacilityMode.OnePue,
                ("labour_fraction", 0),
                ("software_fee", 0),
                ("egress_fraction", 0),
                ("mfu_prefill", 0.5),
                ("cache_hit", 0.5)
            )
        );

        // 1000 TFLOP/s × 0.5 / 140 GFLOP a token = 3571.43 tok/s; half found in a cache: 7142.86 tok/s; half busy: 12.857143 Mtok/h.
        Assert.Equal(2.50 / 12.857142857, stack.Total.UsdPerMillionInputTokens.Value!.Value, 1e-9);
    }

    [Fact]
    public void WithoutAPriceOfTheDeviceNothingIsAssumedToBeFree()
    {
        Scenario scenario = Scenario(Ownership.Owned, FacilityMode.OnePue);
        scenario = scenario with
        {
            Inputs =
            [
                .. scenario.Inputs.Where(input => input.Symbol != "gpu_price"),
                AssumptionCatalogue.Inputs("L4").Single(input => input.Symbol == "gpu_price"),
            ],
        };

        CostStack stack = CostStack.Create(Case(), scenario);

        Assert.Null(stack.Total.UsdPerDeviceHour.Value);
        Assert.Equal(AssumptionCatalogue.NoAssumption, stack.Total.UsdPerDeviceHour.Provenance.Reason);
        Assert.Null(stack.Layers[0].Share);
    }

    [Fact]
    public void EveryAssumptionHasASourceAndLiesWithinItsRange() =>
        Assert.All(
            AssumptionCatalogue.All,
            assumption =>
            {
                Assert.Contains(AssumptionCatalogue.Sources, source => source.Key == assumption.Source);
                Assert.InRange(assumption.Likely, assumption.Low, assumption.High);
                Assert.All(
                    [assumption.Low, assumption.Likely, assumption.High],
                    value => Assert.Null(AcceptedRange.WhyNot(assumption.Symbol, value))
                );
                Unit.Parse(assumption.Unit);
            }
        );

    /// <summary>The price list and the assumptions are two files: what one says of an hour the other says, too.</summary>
    [Fact]
    public void RentsAreThoseOfThePriceList() =>
        Assert.All(
            AssumptionCatalogue.All.Where(assumption => assumption.Symbol == "rent"),
            rent => Assert.Equal(PriceCatalogue.Gpus.Single(gpu => gpu.Name == rent.For).UsdPerHour, rent.Likely)
        );

    private static CostStack Owned(params (string Symbol, double Value)[] values) =>
        CostStack.Create(Case(), Scenario(Ownership.Owned, FacilityMode.OnePue, values));

    private static Scenario Scenario(
        Ownership ownership,
        FacilityMode facility,
        params (string Symbol, double Value)[] values
    )
    {
        Dictionary<string, double> given = values.ToDictionary(value => value.Symbol, value => value.Value);
        given.TryAdd("rent", 2.50);
        return new Scenario
        {
            Ownership = ownership,
            Facility = facility,
            Inputs =
            [
                .. AssumptionCatalogue
                    .Inputs("H200 SXM", "liquid")
                    .Where(input => facility == FacilityMode.OnePue || input.Symbol != "pue")
                    .Select(input =>
                        given.TryGetValue(input.Symbol, out double value) ? input with { Value = value } : input
                    ),
            ],
        };
    }

    private static CostCase Case(double utilization = 0.5, double rate = 1000, int gpus = 1) =>
        new(
            new CostConditions
            {
                Model = "a model",
                Weights = "fp8",
                LmHead = "bf16",
                Kv = "fp8",
                ContextTokens = 4096,
                Batch = 64,
                Utilization = utilization,
                Hardware = new HardwareUnits("H200 SXM", gpus),
            },
            [
                new("gpus", "devices of an instance", "GPU", gpus, ProvenanceNote.Measured()),
                new("rate", "output tokens while busy", "tok/s", rate, ProvenanceNote.Measured()),
                new("util", "utilisation", "1", utilization, ProvenanceNote.Assumed("an example")),
                new("p_busy", "device power while busy", "W/GPU", 600, ProvenanceNote.Measured()),
                new("p_idle", "device power while idle", "W/GPU", 200, ProvenanceNote.Measured()),
                new("flops_peak", "peak rate", "TFLOP/s/GPU", 1000, ProvenanceNote.Assumed("a datasheet")),
                new("flop_per_input", "work of an input token", "GFLOP/tok", 140, ProvenanceNote.Derived()),
            ],
            []
        );

    private static CostCase RandomCase(Random random) =>
        Case(0.05 + (0.95 * random.NextDouble()), Math.Exp(10 * random.NextDouble()), random.Next(1, 17));

    private static Scenario RandomScenario(Random random, Ownership ownership, FacilityMode facility)
    {
        Scenario scenario = Scenario(ownership, facility);
        return scenario with
        {
            Inputs =
            [
                .. scenario.Inputs.Select(input =>
                    input with
                    {
                        Value =
                            input.Low is double low && input.High is double high
                                ? low + ((high - low) * random.NextDouble())
                                : 0.1 + (5 * random.NextDouble()),
                    }
                ),
            ],
        };
    }
}
