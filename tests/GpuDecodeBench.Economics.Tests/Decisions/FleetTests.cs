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
    // 864 Mtok/d are 36 Mtok/h: over 0.9 Mtok/h/GPU 40 devices; 432 Mtok/d of input are 18 Mtok/h over 3.6: 5. Half busy: 22.5.
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
        Assert.Equal(
            value,
            Example.Evaluate(
                FleetEquations.All,
                [
                    .. Values(864, 432)
                        .Select(input => input.Symbol == "prefill_apart" ? input with { Value = 1 } : input),
                ]
            )[symbol],
            1e-9
        );

    [Fact]
    public void WithoutInputNothingNeedsToBeKnownOfPrefill()
    {
        Evaluation fleet = EquationSystem
            .Create(
                [
                    .. Inputs(0).Where(input => input.Symbol != "tok_in_paid"),
                    Example.Input("tok_in_paid", "Mtok/h/GPU", null),
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

    private static IEnumerable<ModelInput> Inputs(double dayIn) =>
        Values(864, dayIn).Select(input => Example.Input(input.Symbol, input.Unit, input.Value));

    private static (string Symbol, string Unit, double Value)[] Values(double dayOut, double dayIn) =>
        [
            ("day_out", "Mtok/d", dayOut),
            ("day_in", "Mtok/d", dayIn),
            ("util", "1", 0.5),
            ("util_wanted", "1", 0.5),
            ("prefill_apart", "1", 0),
            ("t_token", "ms", 10),
            ("peak_to_mean", "1", 4),
            ("gpus", "GPU", 2),
            ("tok_paid", "Mtok/h/GPU", 0.9),
            ("tok_in_paid", "Mtok/h/GPU", 3.6),
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
