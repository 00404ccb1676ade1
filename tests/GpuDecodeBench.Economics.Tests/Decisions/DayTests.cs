using GpuDecodeBench.Economics.Decisions;
using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Economics.Tests.Decisions;

public class DayTests
{
    [Theory]
    // 10 nodes × 8 × $2 × 24 h.
    [InlineData("day_cost", 3840)]
    // 4 Gtok × $0.1 + 6 × $0.5 + 2 × $2, each per Mtok: 400 + 3000 + 4000.
    [InlineData("day_revenue", 7400)]
    [InlineData("day_profit", 3560)]
    // 3560 / 3840, and 3560 / 7400.
    [InlineData("day_margin", 92.70833333)]
    [InlineData("day_margin_sales", 48.10810811)]
    [InlineData("day_hit_share", 40)]
    // 3840 / 2000 Mtok, and 3840 / 12,000 Mtok.
    [InlineData("day_cost_out", 1.92)]
    [InlineData("day_cost_mixed", 0.32)]
    // 2e9 / 86,400 / 10.
    [InlineData("day_out_rate", 2314.814815)]
    // 1e10 tok at 50,000 tok/s are 200,000 s, 2e9 at 10,000 also: 400,000 / 86,400; half of them decode.
    [InlineData("day_nodes_by_rate", 4.62962963)]
    [InlineData("day_decode_share", 50)]
    public void AnEquationGivesWhatIsWorkedByHand(string symbol, double value) =>
        Assert.Equal(
            value,
            Example.Evaluate(
                [.. DayEquations.All, .. DayEquations.Checks],
                ("day_nodes", "1", 10),
                ("day_node_gpus", "GPU", 8),
                ("rent", "$/GPU/h", 2),
                ("day_in", "Gtok", 10),
                ("day_hit", "Gtok", 4),
                ("day_out", "Gtok", 2),
                ("price_in", "$/Mtok", 0.5),
                ("price_hit", "$/Mtok", 0.1),
                ("price_out", "$/Mtok", 2),
                ("rate_prefill", "ktok/s", 50),
                ("rate_decode", "ktok/s", 10)
            )[symbol],
            value * 1e-8
        );

    [Fact]
    public void EveryPublishedDayComesOutWithinAHundredthOfWhatItsOperatorSays()
    {
        Assert.NotEmpty(DayCatalogue.All);
        foreach (PublishedDay published in DayCatalogue.All)
        {
            DayDecision day = DayDecision.Of(published, []);
            Assert.Contains(published.Published, figure => figure.Symbol == "day_cost");
            Assert.Contains(published.Published, figure => figure.Symbol == "day_revenue");
            foreach (DayFigure figure in published.Published)
            {
                Assert.Equal(figure.Value, day.Values[figure.Symbol], 0.01 * figure.Value);
            }
        }
    }

    [Fact]
    public void AnInputThatIsGivenTakesThePlaceOfThePublishedOne()
    {
        DayDecision day = DayDecision.Of(
            DayCatalogue.Find("DeepSeek"),
            DayReader.Parse("{day_nodes: 278, rent: {low: 1, likely: 3, high: 4, source: a contract}}", "a test")
        );

        // 278 × 8 × $3 × 24 h.
        Assert.Equal(160128, day.Values["day_cost"], 1e-6);
        Assert.True(day.IsChanged);
        Assert.Equal("a contract (a test)", day.Inputs.Single(input => input.Symbol == "rent").Provenance.Source);
    }

    [Theory]
    [InlineData("{}", "day_nodes")]
    [InlineData("{day_node: 2}", "unknown key 'day_node'")]
    [InlineData("{day_nodes: 0}", "above 0")]
    [InlineData("{day_out: much}", "a number in Gtok")]
    public void ADayThatCannotBeIsRefused(string text, string problem) =>
        Assert.Contains(
            problem,
            Assert.Throws<InputException>(() => DayDecision.Of(null, DayReader.Parse(text, "a test"))).Message,
            StringComparison.Ordinal
        );
}
