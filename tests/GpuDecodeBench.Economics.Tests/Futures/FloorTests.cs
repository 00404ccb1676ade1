using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Futures;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Tests.Futures;

public class FloorTests
{
    [Theory]
    // 36.5 GB × 8 bit × 2.5 pJ/bit = 0.73 J; at $0.04/kWh × 1.1 = $1.2222e-8/J: $8.922e-9 a token.
    [InlineData("floor_memory", 0.008922222)]
    // 100 MB × 8 × 10 pJ = 8 mJ: $9.78e-11 a token.
    [InlineData("floor_link", 0.0000977778)]
    // 900 W × 3 ms = 2.7 J.
    [InlineData("floor_rest", 0.033)]
    [InlineData("floor_energy", 0.04202)]
    // $43,800 over 5 × 8760 h = $1/h = $0.000277778/s × 3 ms.
    [InlineData("floor_capital", 0.833333333)]
    [InlineData("floor_all", 0.875353333)]
    // ln(10 / 0.875353) / ln 3 = 2.4357 / 1.0986.
    [InlineData("years_to_floor", 2.217071)]
    public void AnEquationGivesWhatIsWorkedByHand(string symbol, double value) =>
        Assert.Equal(value, Floor()[symbol], value * 1e-4);

    [Fact]
    public void AtBatchSixtyFourTheSameWeightsCostASixtyFourthOfTheirEnergy()
    {
        Evaluation many = Floor(("sequences", 64), ("kv_step", 0));

        Assert.Equal(35 / 36.5 / 64 * Floor()["floor_memory"], many["floor_memory"], 1e-9);
    }

    private static Evaluation Floor(params (string Symbol, double Value)[] changes)
    {
        (string Symbol, string Unit, double Value)[] inputs =
        [
            ("w_step", "GB/GPU", 35),
            ("kv_step", "GB/GPU", 1.5),
            ("gpus", "GPU", 1),
            ("sequences", "1", 1),
            ("hbm_energy", "pJ/bit", 2.5),
            ("tariff", "$/kWh", 0.04),
            ("pue", "1", 1.1),
            ("link_bytes", "MB/GPU", 100),
            ("link_energy", "pJ/bit", 10),
            ("p_rest", "W/GPU", 900),
            ("t_floor", "ms", 3),
            ("floor_price", "$/GPU", 43800),
            ("floor_years", "yr", 5),
            ("price_now", "$/Mtok", 10),
            ("price_fall", "1", 3),
        ];
        Dictionary<string, double> changed = changes.ToDictionary(change => change.Symbol, change => change.Value);
        return EquationSystem
            .Create(
                inputs.Select(input => new ModelInput(
                    input.Symbol,
                    input.Symbol,
                    input.Unit,
                    changed.GetValueOrDefault(input.Symbol, input.Value),
                    ProvenanceNote.Assumed("an example")
                )),
                FloorEquations.All
            )
            .Evaluate();
    }
}
