using GpuDecodeBench.Economics.Levers;
using GpuDecodeBench.Economics.Scenarios;

namespace GpuDecodeBench.Economics.Tests.Levers;

public class DeviceScenarioTests
{
    [Theory]
    // An owner's labour stays an owner's, and a card has no switch and a smaller building.
    [InlineData("owned", "L4", "labour_fraction", 0.18)]
    [InlineData("rented", "L4", "labour_fraction", 0.09)]
    [InlineData("owned", "L4", "p_switch", 0)]
    [InlineData("owned", "L4", "p_design", 158)]
    [InlineData("owned", "B200 SXM", "p_switch", 80)]
    [InlineData("owned", "B200 SXM", "p_design", 2170)]
    public void OnAnotherDeviceItsOwnAssumptionsHold(string ownership, string device, string symbol, double value)
    {
        Scenario scenario = ScenarioReader.Parse($"ownership: {ownership}", "a test", "H200 SXM");

        Scenario there = DeviceScenario.Of(scenario, "H200 SXM", device);

        Assert.Equal(value, there.Inputs.Single(input => input.Symbol == symbol).Value);
    }

    [Fact]
    public void WhatTheUserGaveIsCarriedOver()
    {
        Scenario scenario = ScenarioReader.Parse(
            "{ ownership: owned, values: { p_switch: 33, labour_fraction: 0.09 } }",
            "a test",
            "H200 SXM"
        );

        Scenario there = DeviceScenario.Of(scenario, "H200 SXM", "L4");

        Assert.Equal(33, there.Inputs.Single(input => input.Symbol == "p_switch").Value);
        Assert.Equal(0.09, there.Inputs.Single(input => input.Symbol == "labour_fraction").Value);
    }
}
