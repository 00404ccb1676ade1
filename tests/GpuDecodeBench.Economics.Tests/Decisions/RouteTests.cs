using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Economics.Tests.Decisions;

public class RouteTests
{
    [Theory]
    // 0.36 J / 0.8 = 0.45 J a token, 0.45 MJ a million = 0.125 kWh, at $0.20 each.
    [InlineData("cost_device", 0.025)]
    [InlineData("share_large", 0.3)]
    // 0.2 × (0.025 + 0.5 × 10).
    [InlineData("route_device", 1.005)]
    // 0.5 × (1 + 0.1 × 10).
    [InlineData("route_small", 1)]
    [InlineData("route_large", 3)]
    // 0.095 + 1.005 + 1 + 3.
    [InlineData("route_all", 5.1)]
    [InlineData("route_saved", 4.9)]
    [InlineData("route_saved_share", 49)]
    // 0.3 + 0.2 × 0.5 + 0.5 × 0.1.
    [InlineData("large_traffic", 45)]
    // 1 − 0.025 / 10, and 1 − 1 / 10.
    [InlineData("break_escalate_device", 99.75)]
    [InlineData("break_escalate_small", 90)]
    // 0.095 / (10 × 0.5 − 0.025), and 0.095 / (10 × 0.9 − 1).
    [InlineData("break_share_device", 1.909547739)]
    [InlineData("break_share_small", 1.1875)]
    public void AnEquationGivesWhatIsWorkedByHand(string symbol, double value) =>
        Assert.Equal(value, Route(0.1)[symbol], value * 1e-9);

    [Fact]
    public void AtTheBreakEvenEscalationACascadeSavesNothing()
    {
        // Nine in ten escalate: 1 + 0.9 × 10 = 10, what the large model alone costs; the small one's part is half of that.
        Evaluation route = Route(0.9);

        Assert.Equal(5, route["route_small"], 1e-9);
        Assert.True(double.IsPositiveInfinity(route.InBaseUnits("break_share_small")));
    }

    [Fact]
    public void WithoutASmallModelItsCostIsNotKnownAndNotNeeded()
    {
        RouteDecision decision = Decision(small: null, smallShare: 0);

        Assert.Equal(10, decision.Values[RouteEquations.Blended], 1e-9);
        Assert.Null(decision.Values.Figure("cost_small").Value);
        Assert.Throws<InputException>(() => Decision(small: null, smallShare: 0.5));
    }

    [Fact]
    public void SharesThatExceedTheWholeAreRefused() =>
        Assert.Contains(
            "exceed the whole",
            Assert.Throws<InputException>(() => Decision(Target("cost_small", 1), 0.9, 0.2)).Message,
            StringComparison.Ordinal
        );

    private static RouteDecision Decision(RouteTarget? small, double smallShare, double deviceShare = 0) =>
        RouteDecision.Of(
            Target("cost_large", 10),
            small,
            [
                Example.Input("share_device", "1", deviceShare),
                Example.Input("share_small", "1", smallShare),
                Example.Input("escalate_device", "1", 0),
                Example.Input("escalate_small", "1", 0),
                Example.Input("router_usd", "$/Mtok", 0),
            ],
            [
                Example.Input("device_energy", "J/tok", 0.36),
                Example.Input("device_tariff", "$/kWh", 0.2),
                Example.Input("charge_efficiency", "1", 0.8),
            ]
        );

    private static RouteTarget Target(string symbol, double cost) =>
        new(symbol, "conditions", new ModelInput(symbol, symbol, "$/Mtok", cost, ProvenanceNote.Assumed("an example")));

    private static Evaluation Route(double escalateSmall) =>
        Example.Evaluate(
            RouteEquations.All,
            ("share_device", "1", 0.2),
            ("share_small", "1", 0.5),
            ("escalate_device", "1", 0.5),
            ("escalate_small", "1", escalateSmall),
            ("cost_small", "$/Mtok", 1),
            ("cost_large", "$/Mtok", 10),
            ("router_usd", "$/Mtok", 0.095),
            ("device_energy", "J/tok", 0.36),
            ("device_tariff", "$/kWh", 0.2),
            ("charge_efficiency", "1", 0.8)
        );
}
