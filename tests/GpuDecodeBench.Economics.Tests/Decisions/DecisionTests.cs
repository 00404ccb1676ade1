using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Equations;
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

    private static ModelInput Input(string symbol, string unit, double value) =>
        new(symbol, symbol, unit, value, ProvenanceNote.Assumed("an example"));
}
