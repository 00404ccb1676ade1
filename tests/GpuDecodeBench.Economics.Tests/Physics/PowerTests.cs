using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Levers;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Tests;

namespace GpuDecodeBench.Economics.Tests.Physics;

public class PowerTests
{
    /// <summary>
    /// 70 GB of weights and 30 GB of cache for 64 sequences, 10 TFLOP and 50 MB on the link in a step of 20 ms, on two devices of 700 W
    /// that take 500 W; the step took 25 ms before.
    /// </summary>
    private static readonly Evaluation Example = Evaluate();

    [Theory]
    [InlineData("p_hbm_part", 160)] // 100e9 × 8 × 4 pJ = 3.2 J in 20 ms
    [InlineData("p_arithmetic", 200)] // 10e12 × 0.4 pJ = 4 J
    [InlineData("p_sram", 40)] // 100e9 × 8 × 1 pJ = 0.8 J
    [InlineData("p_noc", 20)] // half of that
    [InlineData("p_links", 0.16)] // 50e6 × 8 × 8 pJ = 3.2 mJ
    [InlineData("p_static", 70)] // a tenth of 700 W
    [InlineData("p_moving", 420.16)]
    [InlineData("p_vrm", 122.54)] // a fifth of what goes in is a quarter of the 490.16 W that come out
    [InlineData("p_parts", 612.7)]
    [InlineData("p_rest_part", -112.7)] // the 500 W that were seen less that
    [InlineData("p_same_rate", 507.66)] // (420.16 × 20 / 25 + 70) / 0.8
    [InlineData("p_hbm_part_tok", 100)] // 160 W × 20 ms × 2 devices / 64 tokens
    [InlineData("p_parts_tok", 382.9375)]
    public void APartGivesWhatIsWorkedByHand(string symbol, double value) =>
        Assert.Equal(value, Example[symbol], 1e-6 * Math.Abs(value));

    [Fact]
    public void MeasuredPowerStandsBesideThePartsOfTheRecordsPlan()
    {
        PointRecord point = RecordBuilder.Point(seconds: 0.005) with { Power = Figure.Measured(410) };
        PowerSplit split = PowerSplit.Of(
            new MeasuredSteps(RecordBuilder.Gpu(point), point),
            ScenarioReader.Default("H200 SXM")
        )!;

        Assert.Equal(410, split.Seen.Value);
        Assert.Equal(Provenance.Measured, split.Seen.Provenance.Kind);
        // The step's own bytes by 3.9 pJ a bit over the measured 5 ms.
        double bytes = split.Planned.Evaluation["w_step"] + split.Planned.Evaluation["kv_step"];
        Assert.Equal(bytes * 8 * 3.9 / 5, split.Planned.Evaluation["p_hbm_part"], 1e-6);
        Assert.Equal(Provenance.Extrapolated, split.Variants[1].Evaluation.Figure("p_hbm_part").Provenance.Kind);
        Assert.True(split.Variants[1].Evaluation["p_parts_tok"] < split.Planned.Evaluation["p_parts_tok"]);
        Assert.True(split.Variants[2].Evaluation["p_parts_tok"] < split.Variants[1].Evaluation["p_parts_tok"]);
    }

    [Fact]
    public void ACpuHasNoSplitOfAGpusPower()
    {
        PointRecord point = RecordBuilder.Point();

        Assert.Null(PowerSplit.Of(new MeasuredSteps(RecordBuilder.Cpu(point), point), ScenarioReader.Default(null)));
    }

    [Fact]
    public void ThePublishedPartsAddUpToTheDesignPower() =>
        Assert.Equal(700, PowerEquations.Parts.Sum(part => PowerSplit.PublishedWatts(part) ?? 0), 1e-9);

    private static Evaluation Evaluate()
    {
        (string Symbol, string Unit, double Value)[] inputs =
        [
            ("sequences", "1", 64),
            ("gpus", "GPU", 2),
            ("w_step", "GB/GPU", 70),
            ("kv_step", "GB/GPU", 30),
            ("flop_step", "GFLOP/GPU", 10_000),
            ("link_bytes", "MB/GPU", 50),
            ("t_busy", "ms", 20),
            ("t_before", "ms", 25),
            ("p_tdp", "W/GPU", 700),
            ("p_busy", "W/GPU", 500),
            ("hbm_energy", "pJ/bit", 4),
            ("sram_energy", "pJ/bit", 1),
            ("noc_energy", "pJ/bit", 0.5),
            ("link_energy", "pJ/bit", 8),
            ("flop_energy", "pJ/FLOP", 0.4),
            ("static_fraction", "1", 0.1),
            ("vrm_loss", "1", 0.2),
        ];
        return EquationSystem
            .Create(
                inputs.Select(input => new ModelInput(
                    input.Symbol,
                    input.Symbol,
                    input.Unit,
                    input.Value,
                    ProvenanceNote.Assumed("an example")
                )),
                PowerEquations.All
            )
            .Evaluate();
    }
}
