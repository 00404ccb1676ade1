using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Economics.Sensitivity;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Tests.Decisions;

public class DecisionTests
{
    /// <summary>
    /// DeepSeek's disclosure of 2025-03-01 (deepseek-ai/open-infra-index, "Day 6"): 226.75 nodes of eight H800 on average at $2 an
    /// hour, 608 billion tokens in, 342 of them from a cache, 168 out, at R1's list prices; it gives $87,072, $562,027 and 545 %.
    /// </summary>
    [Fact]
    public void ADayOfDeepSeekComesOutAsPublished()
    {
        Evaluation day = EquationSystem
            .Create(
                [
                    Input("day_nodes", "1", 226.75),
                    Input("day_node_gpus", "GPU", 8),
                    Input("rent", "$/GPU/h", 2),
                    Input("day_in", "Gtok", 608),
                    Input("day_hit", "Gtok", 342),
                    Input("day_out", "Gtok", 168),
                    Input("price_in", "$/Mtok", 0.55),
                    Input("price_hit", "$/Mtok", 0.14),
                    Input("price_out", "$/Mtok", 2.19),
                ],
                DayEquations.All
            )
            .Evaluate();

        Assert.Equal(87072, day["day_cost"], 1e-6);
        Assert.Equal(562027, day["day_revenue"], 0.01 * 562027);
        Assert.Equal(545, day["day_margin"], 1.0);
        Assert.Equal(56.25, day["day_hit_share"], 1e-9);
    }

    [Fact]
    public void ABreakEvenIsWhereTheCostCrossesThePrice()
    {
        // $3.60/h at 1000 tok/s: $1/Mtok when always busy, so at $4 a quarter of the time is enough.
        EquationSystem system = EquationSystem.Create(
            [Input("util", "1", 0.65), Input("usd", "$/h", 3.6), Input("rate", "tok/s", 1000)],
            [new("c", "cost", "$/Mtok", "usd / (rate × util)")]
        );

        Assert.Equal(0.25, RootFinder.Find(system, "util", "c", 4, 0.001, 1)!.Value, 1e-9);
        Assert.Null(RootFinder.Find(system, "util", "c", 0.5, 0.001, 1));
        Assert.Equal(1, RootFinder.Find(system, "util", "c", 1, 0.001, 1)!.Value, 1e-9);
    }

    [Fact]
    public void ARentedDeviceBreaksEvenWhereItsRentIsTheApisBill()
    {
        Scenario scenario = ScenarioReader.Parse(
            "values: { rent: 2.5, util: 0.5, labour_fraction: 0, software_fee: 0, egress_fraction: 0, mfu_prefill: 0.5, cache_hit: 0 }",
            "a test",
            "H200 SXM"
        );

        // $2.50/h at 1000 tok/s: 3.6 Mtok/h when always busy, so that $4/Mtok is 2.5 / (3.6 × 4) of the time.
        BreakEven outputOnly = BreakEven.Of(Case(scenario), scenario, BuyEquations.Inputs(4, 0, 0));
        Assert.Equal(2.5 / 14.4, outputOnly.Utilization!.Value, 1e-9);
        Assert.Equal(4, outputOnly.At![BuyEquations.Own], 1e-6);
        // 17.36 % of a day at 86.4 Mtok/d.
        Assert.Equal(15, outputOnly.At["mix_day"], 1e-6);

        // With 2 input tokens each, taken in at 0.5 × 1000 TFLOP/s / 100 GFLOP = 5000 tok/s: 1/1000 + 2/5000 s = 1.4 ms of a busy
        // device, $2.50/h / 3600 × 1400 s = $0.972 a million, against 4 + 2 × 0.5 = $5: 19.4 % of the time.
        BreakEven mixed = BreakEven.Of(Case(scenario), scenario, BuyEquations.Inputs(4, 0.5, 2));
        Assert.Equal(2.5 / 3600 * 1400 / 5, mixed.Utilization!.Value, 1e-9);

        Assert.Null(BreakEven.Of(Case(scenario), scenario, BuyEquations.Inputs(0.5, 0, 0)).Utilization);
    }

    [Fact]
    public void ASweepOverRegionsStartsWithTheCheapestElectricity()
    {
        Scenario scenario = ScenarioReader.Parse("ownership: owned", "a test", "H200 SXM");
        IReadOnlyList<SweepPoint> points = Sweep.OverRegions(CostStack.Create(Case(scenario), scenario).System);

        Assert.Equal("northern-virginia", points[0].Label);
        Assert.Equal(
            points.Select(point => point.Evaluation["usd_all"]).Order(),
            points.Select(point => point.Evaluation["usd_all"])
        );
        // Texas 0.066 − Northern Virginia 0.058 on the power from the grid, with 18 % labour on top.
        double wall = points[0].Evaluation["p_wall"];
        double texas = points.Single(point => point.Label == "texas").Evaluation["usd_all"];
        Assert.Equal(wall / 1000 * 0.008 * 1.18, texas - points[0].Evaluation["usd_all"], 1e-9);
    }

    private static CostCase Case(Scenario scenario) =>
        new(
            new CostConditions
            {
                Model = "a model",
                Weights = "fp8",
                LmHead = "fp8",
                Kv = "fp8",
                ContextTokens = 4096,
                Batch = 64,
                Utilization = scenario.Inputs.Single(input => input.Symbol == "util").Value!.Value,
                Hardware = new HardwareUnits("H200 SXM"),
            },
            [
                Input("gpus", "GPU", 1),
                Input("rate", "tok/s", 1000),
                scenario.Inputs.Single(input => input.Symbol == "util"),
                Input("p_busy", "W/GPU", 500),
                Input("p_idle", "W/GPU", 100),
                Input("flops_peak", "TFLOP/s/GPU", 1000),
                Input("flop_per_input", "GFLOP/tok", 100),
            ],
            []
        );

    private static ModelInput Input(string symbol, string unit, double value) =>
        new(symbol, symbol, unit, value, ProvenanceNote.Assumed("an example"));
}
