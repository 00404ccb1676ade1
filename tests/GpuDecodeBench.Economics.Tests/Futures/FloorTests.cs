using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Futures;
using GpuDecodeBench.Economics.Tests.Decisions;

namespace GpuDecodeBench.Economics.Tests.Futures;

public class FloorTests
{
    [Theory]
    // 2.9 ms of roofline and 0.1 ms on the link.
    [InlineData("t_floor", 3)]
    // 36.5 GB × 8 bit × 2.5 pJ/bit = 0.73 J in 3 ms = 243.33 W of 700: 456.67, and 80 W of hosts, 20 of the network.
    [InlineData("p_rest", 556.6666667)]
    // 0.73 J at $0.04/kWh = $1.1111e-8/J.
    [InlineData("floor_memory", 0.008111111)]
    // 100 MB × 8 × 10 pJ = 8 mJ.
    [InlineData("floor_link", 0.0000888889)]
    // 556.67 W × 3 ms = 1.67 J.
    [InlineData("floor_rest", 0.018555556)]
    // A tenth of the three: 0.026755556.
    [InlineData("floor_cooling", 0.0026755556)]
    [InlineData("floor_energy", 0.029431111)]
    [InlineData("floor_price", 43800)]
    // $43,800 over 5 × 8760 h = $1/h = $0.000277778/s × 3 ms.
    [InlineData("floor_capital", 0.833333333)]
    [InlineData("floor_all", 0.862764444)]
    public void AnEquationGivesWhatIsWorkedByHand(string symbol, double value) =>
        Assert.Equal(value, Floor()[symbol], value * 1e-6);

    [Fact]
    public void AtBatchSixtyFourTheSameWeightsCostASixtyFourthOfTheirEnergy()
    {
        Evaluation many = Floor(("sequences", 64), ("bytes_step", 35));

        Assert.Equal(35 / 36.5 / 64 * Floor()["floor_memory"], many["floor_memory"], 1e-9);
    }

    [Fact]
    public void WhatIsOnIsNeverLessThanNothing() =>
        // 36.5 GB in 0.2 ms would be 3650 W of memory alone.
        Assert.Equal(100, Floor(("t_roofline", 0.1))["p_rest"], 1e-9);

    private static Evaluation Floor(params (string Symbol, double Value)[] changes)
    {
        (string Symbol, string Unit, double Value)[] inputs =
        [
            ("bytes_step", "GB/GPU", 36.5),
            ("gpus", "GPU", 1),
            ("sequences", "1", 1),
            ("t_roofline", "ms", 2.9),
            ("t_link", "ms", 0.1),
            ("hbm_energy", "pJ/bit", 2.5),
            ("tariff", "$/kWh", 0.04),
            ("pue", "1", 1.1),
            ("link_bytes", "MB/GPU", 100),
            ("link_energy", "pJ/bit", 10),
            ("p_busy", "W/GPU", 700),
            ("p_host", "W/GPU", 80),
            ("p_network", "W/GPU", 20),
            ("gpu_price", "$/GPU", 40000),
            ("host_price", "$/GPU", 3800),
            ("years", "yr", 5),
        ];
        Dictionary<string, double> changed = changes.ToDictionary(change => change.Symbol, change => change.Value);
        return Example.Evaluate(
            FloorEquations.All,
            [.. inputs.Select(input => input with { Value = changed.GetValueOrDefault(input.Symbol, input.Value) })]
        );
    }
}
