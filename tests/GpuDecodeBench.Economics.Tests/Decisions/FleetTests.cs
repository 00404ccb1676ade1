using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Tests;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Economics.Tests.Decisions;

public class FleetTests
{
    [Theory]
    // The peak is 4 times the mean, so instances may be busy for a quarter, below the scenario's half.
    [InlineData("fleet_load", 0.25)]
    // 864 Mtok/d are 36 Mtok/h: over 1.8 Mtok/h/GPU 20 devices; 432 Mtok/d of input are 18 Mtok/h over 7.2: 2.5.
    [InlineData("fleet_decode", 20)]
    [InlineData("fleet_prefill", 2.5)]
    [InlineData("fleet_busy", 22.5)]
    // A step of 10 ms, and 2.5 of 20 parts of its time for prefill in between.
    [InlineData("t_between", 11.25)]
    // 22.5 / 0.25 / 2 devices.
    [InlineData("fleet_exact", 45)]
    [InlineData("fleet_instances", 45)]
    [InlineData("fleet_gpus", 90)]
    [InlineData("fleet_util", 0.25)]
    // 1000 W × 90.
    [InlineData("fleet_power", 90)]
    [InlineData("fleet_energy_day", 2.16)]
    // 90 kW × 8760 h / 12.
    [InlineData("fleet_energy_month", 65.7)]
    [InlineData("fleet_energy_year", 788.4)]
    // $3/GPU/h × 90 = $270/h, $6480 a day; a year is 8760 h.
    [InlineData("usd_all_day", 6480)]
    [InlineData("usd_all_month", 197100)]
    [InlineData("usd_all_year", 2365200)]
    // $2 × 90 × 24.
    [InlineData("usd_capital_day", 4320)]
    // 6480 / 864, and 6480 / (864 + 432).
    [InlineData("fleet_usd_out", 7.5)]
    [InlineData("fleet_usd_mixed", 5)]
    public void AnEquationGivesWhatIsWorkedByHand(string symbol, double value) =>
        Assert.Equal(value, Fleet(dayIn: 432)[symbol], value * 1e-9);

    [Theory]
    // 20 / 0.25 / 2, and 2.5 / 0.25 / 2.
    [InlineData("fleet_decode_instances", 40)]
    [InlineData("fleet_prefill_instances", 5)]
    [InlineData("fleet_instances", 45)]
    [InlineData("t_between", 10)]
    public void PrefillOfItsOwnLeavesDecodeItsStep(string symbol, double value) =>
        Assert.Equal(value, Apart(("network_rate", 50))[symbol], 1e-9);

    [Theory]
    // 5000 tok/s of input, each 0.3 MB: 1.5 GB/s of 50.
    [InlineData(50, "fleet_moving", 0.03)]
    [InlineData(50, "fleet_prefill_instances", 5)]
    // 1.5 GB/s keep one and a half instances of 1 GB/s busy, more than the 1.25 that compute; a quarter busy: 6.
    [InlineData(1, "fleet_moving", 1.5)]
    [InlineData(1, "fleet_prefill_instances", 6)]
    [InlineData(1, "fleet_decode_instances", 40)]
    // 15 instances of 0.1 GB/s, more than the 10 that decode; a quarter busy: 60.
    [InlineData(0.1, "fleet_prefill_instances", 60)]
    [InlineData(0.1, "fleet_decode_instances", 60)]
    // Their devices are busy for 22.5 of 240.
    [InlineData(0.1, "util", 0.09375)]
    public void CachesThatCrossTheNetworkNeedInstancesWhereTheyTakeLongerThanComputing(
        double networkRate,
        string symbol,
        double value
    ) => Assert.Equal(value, Apart(("network_rate", networkRate))[symbol], 1e-9);

    [Fact]
    public void APrefixCacheSparesPrefillItsWorkAndMovesAsMuch()
    {
        Evaluation cached = Apart(("cache_hit", 0.9), ("network_rate", 1));

        Assert.Equal(0.25, cached["fleet_prefill"], 1e-9);
        Assert.Equal(1.5, cached["fleet_moving"], 1e-9);
    }

    [Fact]
    public void InTurnNoCacheMoves() => Assert.Equal(0, Fleet(dayIn: 432)["fleet_moving"]);

    /// <summary>Of hardware that is owned idle devices draw less power: draws must move the use with the instances.</summary>
    [Fact]
    public void DrawsOfAnOwnedFleetMoveTheUtilisationOfItsElectricity()
    {
        RunRecord record = RecordBuilder.Gpu(RecordBuilder.Point(batch: 4, seconds: 0.004));
        Scenario scenario = ScenarioReader.Parse(
            "{ ownership: owned, values: { util: { low: 0.2, likely: 0.5, high: 0.8 }, peak_to_mean: 1 } }",
            "a test",
            "H200 SXM"
        );
        EquationSystem system = FleetBill
            .Of(
                scenario,
                new TrafficDemand(1e12, 0),
                (billed, more) => PointChooser.Price(record, record.Points[0], billed, more)
            )
            .Stack.System;
        Evaluation low = system.Evaluate(new Dictionary<string, double> { ["util_wanted"] = 0.2 });
        Evaluation high = system.Evaluate(new Dictionary<string, double> { ["util_wanted"] = 0.8 });

        Assert.Equal(0.2, low["util"], 1e-3);
        Assert.Equal(0.8, high["util"], 1e-3);
        Assert.True(high["p_gpu"] > low["p_gpu"]);
    }

    [Fact]
    public void WithoutInputNothingNeedsToBeKnownOfPrefill()
    {
        Evaluation fleet = EquationSystem
            .Create(
                [
                    .. Inputs(0).Where(input => input.Symbol != "flop_per_input"),
                    Example.Input("flop_per_input", "GFLOP/tok", null),
                ],
                FleetEquations.All
            )
            .Evaluate();

        Assert.Equal(20, fleet["fleet_busy"], 1e-9);
    }

    [Fact]
    public void AnyTrafficNeedsAnInstance() =>
        Assert.Equal(1, Example.Evaluate(FleetEquations.All, Values(1e-6, 0))["fleet_instances"]);

    [Fact]
    public void ABillIsMadeAtTheUtilisationThatWholeInstancesHave()
    {
        // 1000 tok/s are 86.4 Mtok a day; at 50 % 43.2. 100 Mtok/d need 2.3 instances: three, busy for 100 / 259.2 of the day.
        RunRecord record = RecordBuilder.Gpu(RecordBuilder.Point(batch: 4, seconds: 0.004));
        Scenario scenario = ScenarioReader.Parse(
            "values: { util: 0.5, peak_to_mean: 1.2, rent: 2 }",
            "a test",
            "H200 SXM"
        );
        FleetBill bill = FleetBill.Of(
            scenario,
            new TrafficDemand(100e6, 0),
            (billed, more) => PointChooser.Price(record, record.Points[0], billed, more)
        );

        Assert.Equal(3, bill.Values["fleet_instances"]);
        Assert.Equal(100 / 259.2, bill.Stack.Conditions.Utilization, 1e-9);
        Assert.Equal(0.5, bill.WantedUtilization);
        // Dollars a day over tokens a day are dollars per token at that utilisation.
        Assert.Equal(
            bill.Stack.Total.UsdPerMillionTokens.Value!.Value,
            bill.Values[FleetEquations.DaySymbol(CostLayers.Total)] / 100,
            1e-9
        );
    }

    [Fact]
    public void InputWhoseCostIsNotKnownIsRefused()
    {
        RunRecord record = RecordBuilder.Cpu(RecordBuilder.Point());
        Scenario scenario = ScenarioReader.Parse("values: { rent: 0.1 }", "a test", null);

        InputException refusal = Assert.Throws<InputException>(() =>
            FleetBill.Of(
                scenario,
                new TrafficDemand(1e6, 1e6),
                (billed, more) => PointChooser.Price(record, record.Points[0], billed, more)
            )
        );
        Assert.Contains("--input-tokens-per-day 0", refusal.Message, StringComparison.Ordinal);
    }

    private static Evaluation Fleet(double dayIn) => Example.Evaluate(FleetEquations.All, Values(864, dayIn));

    private static Evaluation Apart(params (string Symbol, double Value)[] changed) =>
        Example.Evaluate(
            FleetEquations.All,
            [
                .. Values(864, 432)
                    .Select(input =>
                        changed
                            .Append(("prefill_apart", 1))
                            .Where(change => change.Item1 == input.Symbol)
                            .Select(change => input with { Value = change.Item2 })
                            .DefaultIfEmpty(input)
                            .First()
                    ),
            ]
        );

    private static IEnumerable<ModelInput> Inputs(double dayIn) =>
        Values(864, dayIn).Select(input => Example.Input(input.Symbol, input.Unit, input.Value));

    private static (string Symbol, string Unit, double Value)[] Values(double dayOut, double dayIn) =>
        [
            ("day_out", "Mtok/d", dayOut),
            ("day_in", "Mtok/d", dayIn),
            ("util_wanted", "1", 0.5),
            ("prefill_apart", "1", 0),
            ("t_token", "ms", 10),
            ("peak_to_mean", "1", 4),
            ("gpus", "GPU", 2),
            // 3.6 Mtok/h on two devices, and 1000 TFLOP/s × 0.4 / 200 GFLOP = 2000 tok/s = 7.2 Mtok/h on one.
            ("rate", "tok/s", 1000),
            ("flops_peak", "TFLOP/s/GPU", 1000),
            ("mfu_prefill", "1", 0.4),
            ("flop_per_input", "GFLOP/tok", 200),
            ("cache_hit", "1", 0),
            // 0.3 MB a token.
            ("kv_whole", "GB", 1.2),
            ("input_tokens", "tok", 4000),
            ("network_rate", "GB/s", 50),
            ("p_wall", "W/GPU", 1000),
            ("usd_capital", "$/GPU/h", 2),
            ("usd_power", "$/GPU/h", 0.2),
            ("usd_facility", "$/GPU/h", 0.1),
            ("usd_nand", "$/GPU/h", 0.1),
            ("usd_network", "$/GPU/h", 0.1),
            ("usd_labour", "$/GPU/h", 0.4),
            ("usd_extras", "$/GPU/h", 0.1),
            ("usd_all", "$/GPU/h", 3),
        ];
}
