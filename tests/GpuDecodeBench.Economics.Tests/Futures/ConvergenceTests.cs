using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Futures;
using GpuDecodeBench.Economics.Tests.Decisions;

namespace GpuDecodeBench.Economics.Tests.Futures;

public class ConvergenceTests
{
    private static readonly PricePoint Ten = new("a service", 10, 2026, "user");

    [Theory]
    // Halved every half year: a quarter a year.
    [InlineData("price_fall", 4)]
    // 0.002 / 2 + (0.001 + 0.004 + 0.001) / 1.5.
    [InlineData("floor_energy_next", 0.005)]
    // 0.008 / 0.005 = 1.6 in two years.
    [InlineData("floor_energy_fall", 1.264911064)]
    // 0.005 + 0.042 / 1.4 = 0.035; 0.05 / 0.035 in two years.
    [InlineData("floor_all_next", 0.035)]
    [InlineData("floor_all_fall", 1.195228609)]
    // ln(10 / 0.05) / ln(4 / 1.195229) = 5.298317 / 1.207957.
    [InlineData("floor_all_years", 4.386180)]
    [InlineData("floor_all_year", 2030.386180)]
    // ln(10 / 0.008) / ln(4 / 1.264911) = 7.130899 / 1.151293.
    [InlineData("floor_energy_years", 6.193818)]
    // 1 / 5.386180.
    [InlineData("floor_all_nearness", 0.185660)]
    // 10 / 4^4.386180 = e^(2.302585 − 4.386180 × 1.386294).
    [InlineData("floor_all_price", 0.0228695)]
    public void AnEquationGivesWhatIsWorkedByHand(string symbol, double value) =>
        Assert.Equal(value, System(10, 2026).Evaluate()[symbol], value * 1e-4);

    [Fact]
    public void AnOldPriceIsHeldAgainstTheFloorOfThen() =>
        // Two years earlier the floor was a generation higher: 0.05 / 0.035 of it.
        Assert.Equal(0.05 * 0.05 / 0.035, System(10, 2024).Evaluate()["floor_all_then"], 1e-9);

    [Fact]
    public void APriceBelowTheFloorHasMetItAlready() =>
        Assert.Equal(0, System(0.04, 2026).Evaluate()["floor_all_years"]);

    [Fact]
    public void APriceThatFallsNoFasterThanTheFloorNeverMeetsIt()
    {
        // The floor falls by 1.195 a year; a price that halves in four years by 1.189.
        Convergence never = Convergence.Of(System(10, 2026, halving: 4), Ten, FloorEquations.Total, 100, 1)!;

        Assert.Null(never.Likely);
        Assert.Null(never.P50);
        Assert.Equal(1, never.NeverShare);
    }

    [Fact]
    public void ARangeOfFallsGivesARangeOfYearsThatTheSeedRepeats()
    {
        const int Seed = 7;
        EquationSystem system = System(10, 2026, halving: 1, low: 0.5, high: 5);
        Convergence first = Convergence.Of(system, Ten, FloorEquations.Total, 2000, Seed)!;
        Convergence again = Convergence.Of(system, Ten, FloorEquations.Total, 2000, Seed)!;

        // With a half-life of one year: 5.298317 / ln(2 / 1.195229) = 5.298317 / 0.514810 = 10.2918.
        Assert.Equal(2036.2918, first.Likely!.Value, 1e-3);
        // Halved every half year it is 5.298317 / ln(4 / 1.195229) = 4.386; every five years never.
        Assert.Equal(2030.3862, first.AtFastFall!.Value, 1e-3);
        Assert.Null(first.AtSlowFall);
        Assert.True(first.P10 < first.P50, $"seed {Seed}");
        Assert.Equal((first.P10, first.P50, first.P90), (again.P10, again.P50, again.P90));
        // Half-lives above ln 2 / ln 1.195229 = 3.8865 years never get there: (5 − 3.8865)² / (4.5 × 4) of the triangle.
        Assert.InRange(first.NeverShare, 0.0689 - 0.02, 0.0689 + 0.02);
        // The quantiles of nearness are taken for those of years: fewer than a tenth never meet, so P90 is a year.
        Assert.NotNull(first.P90);
    }

    [Fact]
    public void WithoutAPriceOfTheDeviceTheFloorWithCapitalIsNotKnown()
    {
        EquationSystem system = EquationSystem.Create(
            [
                .. Inputs(10, 2026, 0.5, null, null)
                    .Where(input => input.Symbol != "floor_capital" && input.Symbol != "floor_all"),
                Example.Input("floor_capital", "$/Mtok", null),
                Example.Input("floor_all", "$/Mtok", null),
            ],
            ConvergenceEquations.All
        );

        Assert.Null(Convergence.Of(system, Ten, FloorEquations.Total, 100, 1));
        Assert.NotNull(Convergence.Of(system, Ten, FloorEquations.Energy, 100, 1));
    }

    private static EquationSystem System(
        double price,
        double year,
        double halving = 0.5,
        double? low = null,
        double? high = null
    ) => EquationSystem.Create(Inputs(price, year, halving, low, high), ConvergenceEquations.All);

    private static IEnumerable<ModelInput> Inputs(
        double price,
        double year,
        double halving,
        double? low,
        double? high
    ) =>
        [
            Example.Input("floor_memory", "$/Mtok", 0.002),
            Example.Input("floor_link", "$/Mtok", 0.001),
            Example.Input("floor_rest", "$/Mtok", 0.004),
            Example.Input("floor_cooling", "$/Mtok", 0.001),
            Example.Input("floor_energy", "$/Mtok", 0.008),
            Example.Input("floor_capital", "$/Mtok", 0.042),
            Example.Input("floor_all", "$/Mtok", 0.05),
            Example.Input("fall_memory", "1", 2),
            Example.Input("fall_power", "1", 1.5),
            Example.Input("fall_capital", "1", 1.4),
            Example.Input("generation_years", "yr", 2),
            Example.Input("price_halving", "yr", halving, low, high),
            Example.Input("price_now", "$/Mtok", price),
            Example.Input("price_year", "1", year),
            Example.Input("floor_year", "1", 2026),
        ];
}
