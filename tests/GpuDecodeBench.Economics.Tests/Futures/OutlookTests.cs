using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Futures;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Economics.Tests.Decisions;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Tests.Futures;

public class OutlookTests
{
    [Theory]
    // Four years of two years a generation.
    [InlineData("generations", 2)]
    // 360 mJ = 1e-7 kWh at $0.10, a million of them.
    [InlineData("cost_memory", 0.01)]
    [InlineData("cost_power", 0.03)]
    // 0.01 / 2².
    [InlineData("next_memory", 0.0025)]
    // 0.03 / 1.5², and 0.09 / 1.5².
    [InlineData("next_power", 0.0133333333)]
    [InlineData("next_facility", 0.04)]
    // 0.32 / 1.6².
    [InlineData("next_capital", 0.125)]
    // (0.0242 + 0.0242) / 1.1².
    [InlineData("next_gear", 0.04)]
    [InlineData("next_infra", 0.2208333333)]
    // (0.4 + 0.1) / 2.5 of the rest.
    [InlineData("next_labour", 0.0441666667)]
    [InlineData("next_all", 0.265)]
    // 0.125 / 0.265.
    [InlineData("next_capital_share", 47.16981132)]
    [InlineData("next_memory_share", 0.943396226)]
    public void AProjectionGivesWhatIsWorkedByHand(string symbol, double value) =>
        Assert.Equal(
            value,
            Example.Evaluate(
                ProjectionEquations.All,
                ("ahead", "yr", 4),
                ("generation_years", "yr", 2),
                ("e_memory", "mJ/tok", 360),
                ("tariff", "$/kWh", 0.1),
                ("usd_power_mtok", "$/Mtok", 0.04),
                ("usd_facility_mtok", "$/Mtok", 0.09),
                ("usd_capital_mtok", "$/Mtok", 0.32),
                ("usd_nand_mtok", "$/Mtok", 0.0242),
                ("usd_network_mtok", "$/Mtok", 0.0242),
                ("usd_labour", "$/GPU/h", 0.4),
                ("usd_extras", "$/GPU/h", 0.1),
                ("usd_infra", "$/GPU/h", 2.5),
                ("fall_memory", "1", 2),
                ("fall_power", "1", 1.5),
                ("fall_capital", "1", 1.6),
                ("fall_gear", "1", 1.1)
            )[symbol],
            value * 1e-8
        );

    [Theory]
    // 600 TFLOP/s over 3 TB/s, and twice and four times that.
    [InlineData("ridge_bf16", 200)]
    [InlineData("ridge_fp8", 400)]
    [InlineData("ridge_fp4", 800)]
    // 2 of 200, 400 and 800 FLOP/B.
    [InlineData("use_one_bf16", 1)]
    [InlineData("use_one_fp8", 0.5)]
    [InlineData("use_one_fp4", 0.25)]
    // 300 of 200 is all of it.
    [InlineData("use_batch_bf16", 100)]
    [InlineData("use_batch_fp8", 75)]
    [InlineData("use_batch_fp4", 37.5)]
    // 600 W over 3 TB/s.
    [InlineData("energy_byte", 200)]
    // $1.08/h = $0.0003/s over 3 TB/s = $1e-16/B.
    [InlineData("usd_byte", 0.1)]
    [InlineData("energy_byte_fall", 1.5)]
    [InlineData("usd_byte_fall", 2)]
    public void AGenerationGivesWhatIsWorkedByHand(string symbol, double value) =>
        Assert.Equal(
            value,
            Example.Evaluate(
                GenerationEquations.All,
                ("hbm_rate", "TB/s/GPU", 3),
                ("bf16_peak", "TFLOP/s/GPU", 600),
                ("fp8_peak", "TFLOP/s/GPU", 1200),
                ("fp4_peak", "TFLOP/s/GPU", 2400),
                ("tdp", "W/GPU", 600),
                ("rent", "$/GPU/h", 1.08),
                ("intensity_one", "FLOP/B", 2),
                ("intensity_batch", "FLOP/B", 300),
                ("energy_byte_before", "J/TB", 300),
                ("usd_byte_before", "$/PB", 0.2)
            )[symbol],
            value * 1e-9
        );

    [Fact]
    public void TheSharesOfAPrintedProjectionFollowFromItsOwnRates()
    {
        PublishedProjection printed = OutlookCatalogue.Projections.Single(one => one.Name == "time-bomb");
        Evaluation then = printed.Recompute(Example.Input("generation_years", "yr", 2));

        // 38 / 1.75 + 28 / 3.5 + 22 / 2.5 + 12 / 1.2 = 21.714 + 8 + 8.8 + 10 = 48.514.
        Assert.Equal(48.5142857, then["sum_then"], 1e-6);
        Assert.Equal(100 * 8 / 48.5142857, then["compute_share_then"], 1e-5);
        // What is printed for compute is 28 / 3.5 itself: of today's cost, and not of the cost of then.
        Assert.Equal(
            printed.Components.Single(one => one.Symbol == "compute").PrintedShare,
            then["compute_then"],
            1e-9
        );
    }

    [Fact]
    public void EveryEntryNamesItsSourceAndADeviceOfTheCatalogue()
    {
        foreach (Generation generation in OutlookCatalogue.Generations)
        {
            Assert.NotEmpty(OutlookCatalogue.TitleOf(generation.Source));
            Assert.All(generation.Figures ?? [], figure => Assert.NotEmpty(OutlookCatalogue.TitleOf(figure.Source)));
            if (generation.Figures is null)
            {
                Assert.Equal(generation.Device, HardwareCatalogue.Find(generation.Device).Name);
            }
        }

        Assert.All(OutlookCatalogue.Prices, price => Assert.NotEmpty(OutlookCatalogue.TitleOf(price.Source)));
        Assert.All(OutlookCatalogue.Projections, one => Assert.NotEmpty(OutlookCatalogue.TitleOf(one.Source)));
    }

    [Fact]
    public void TheFirstYearsComponentsAreTheCostByLayersOfToday()
    {
        Outlook outlook = Make("owned");
        ProjectedYear now = outlook.Project([OutlookCatalogue.BaseYear], 100, 1)[0];

        Assert.Equal(outlook.Batch.Total.UsdPerMillionTokens.Value!.Value, now.Values[ProjectionEquations.Total], 1e-9);
        Assert.Equal(
            100,
            ProjectionEquations.Components.Sum(component => now.Values[ProjectionEquations.Share(component.Symbol)]),
            1e-9
        );
        // No floor is above what the same tokens cost, and one sequence's is far above the batch's.
        Assert.True(outlook.Batch.Evaluation[FloorEquations.Total] < now.Values[ProjectionEquations.Total]);
        Assert.True(outlook.One.Evaluation[FloorEquations.Total] > 10 * outlook.Batch.Evaluation[FloorEquations.Total]);
    }

    [Fact]
    public void GenerationsShareAStepsIntensityAndKnowNoRateThatNoSourceGives()
    {
        IReadOnlyList<GenerationOutlook> rows = GenerationOutlook.Of(Plan(1), Plan(64));

        // The H100's 989 TFLOP/s over 3.35 TB/s.
        Assert.Equal(989 / 3.35, rows.Single(row => row.Generation.Device == "H100 SXM").Values["ridge_bf16"], 1e-9);
        Evaluation rubin = rows.Single(row => row.Generation.Name == "Rubin").Values;
        Assert.Null(rubin.Figure("ridge_bf16").Value);
        // 35 PFLOP/s over 22 TB/s.
        Assert.Equal(35000 / 22.0, rubin["ridge_fp4"], 1e-9);
        Assert.All(rows, row => Assert.Equal(rows[0].Values["intensity_one"], row.Values["intensity_one"]));
    }

    [Theory]
    [InlineData("rented", 2026, "a rent hides them")]
    [InlineData("owned", 2020, "--years 2020 is before")]
    public void WhatCannotBeProjectedIsRefused(string ownership, int year, string problem) =>
        Assert.Contains(
            problem,
            Assert.Throws<InputException>(() => Make(ownership).Project([year], 100, 1)).Message,
            StringComparison.Ordinal
        );

    private static Outlook Make(string ownership) =>
        Outlook.Of(
            RooflinePrediction.Of(Plan(64), HardwareCatalogue.Find("h200")),
            RooflinePrediction.Of(Plan(1), HardwareCatalogue.Find("h200")),
            ScenarioReader.Parse($"ownership: {ownership}", "a test", "H200 SXM")
        );

    private static DecodeStepPlan Plan(int batch) =>
        DecodeStepPlan.Create(
            ModelCatalogue.Resolve("llama-3.1-8b"),
            StepConditions.Uniform(
                new StepFormats
                {
                    Weights = WeightFormat.Fp8,
                    LmHead = WeightFormat.Bf16,
                    Kv = KvFormat.Bf16,
                    Activations = ActivationFormat.Bf16,
                },
                batch,
                4096
            )
        );
}
