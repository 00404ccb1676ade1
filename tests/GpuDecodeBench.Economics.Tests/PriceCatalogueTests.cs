using GpuDecodeBench.Economics.Scenarios;
using GpuDecodeBench.Records;
using GpuDecodeBench.Tests;

namespace GpuDecodeBench.Economics.Tests;

public class PriceCatalogueTests
{
    [Theory]
    [InlineData("h100", 2.72)]
    [InlineData("h200", 2.79)]
    [InlineData("b200", 5.1)]
    [InlineData("gb200", 6.2)]
    [InlineData("mi300x", 2.2)]
    [InlineData("mi325x", 2.55)]
    [InlineData("mi355x", 3)]
    public void GpusCostWhatTheFactsTableSays(string name, double usd)
    {
        Figure price = PriceCatalogue.Find(HardwareCatalogue.Find(name));
        Assert.Equal(usd, price.Value);
        Assert.Equal(Provenance.Assumed, price.Provenance.Kind);
        Assert.Contains("https://", price.Provenance.Source, StringComparison.Ordinal);
    }

    /// <summary>A price without a scenario and the rent of a scenario are the same thing.</summary>
    [Fact]
    public void APriceIsTheLikelyRentOfAScenario()
    {
        Assumption[] rents = [.. AssumptionCatalogue.All.Where(assumption => assumption.Symbol == "rent")];

        Assert.Equal(
            PriceCatalogue.Gpus.OrderBy(gpu => gpu.Name).Select(gpu => (gpu.Name, gpu.UsdPerHour)),
            rents.OrderBy(rent => rent.For).Select(rent => (rent.For!, rent.Likely))
        );
    }

    /// <summary>Three years, a reservation and on demand, in this order; and no device is dearer at one end and cheaper at the other.</summary>
    [Fact]
    public void ARentRisesFromThreeYearsToOnDemandAndFromDeviceToDevice()
    {
        Dictionary<string, Assumption> rents = AssumptionCatalogue
            .All.Where(assumption => assumption.Symbol == "rent")
            .ToDictionary(rent => rent.For!, StringComparer.Ordinal);
        Assert.All(rents.Values, rent => Assert.True(rent.Low < rent.Likely && rent.Likely < rent.High, rent.For));
        string[][] ladders =
        [
            ["A100 80GB PCIe", "A100 80GB SXM", "H200 SXM", "B200 SXM", "B300 SXM"],
            ["H100 PCIe", "H100 SXM", "H200 SXM", "B200 SXM", "GB200 NVL72"],
            ["MI300X", "MI325X", "MI355X"],
        ];
        foreach (string[] ladder in ladders)
        {
            foreach ((string slower, string faster) in ladder.Zip(ladder.Skip(1)))
            {
                Assert.True(rents[slower].Low < rents[faster].Low, faster);
                Assert.True(rents[slower].Likely < rents[faster].Likely, faster);
                Assert.True(rents[slower].High < rents[faster].High, faster);
            }
        }
    }

    [Fact]
    public void EveryPricedGpuIsInTheHardwareCatalogueAndHasASource()
    {
        Assert.All(
            PriceCatalogue.Gpus,
            gpu =>
            {
                Assert.Contains(HardwareCatalogue.All, entry => entry.Name == gpu.Name);
                Assert.Contains(PriceCatalogue.Sources, source => source.Key == gpu.Source);
                Assert.True(gpu.UsdPerHour > 0);
            }
        );
        Assert.Contains(PriceCatalogue.Sources, source => source.Key == PriceCatalogue.Cpu.Source);
    }

    [Fact]
    public void ADeviceIsFoundByItsSpecificationOrItsReportedName()
    {
        DeviceInfo device = RecordBuilder.Gpu().Device;
        Assert.Equal(2.79, PriceCatalogue.Find(device, null).Value);
        Assert.Equal(2.79, PriceCatalogue.Find(device with { Specification = null }, null).Value);
    }

    [Fact]
    public void ACpuCostsItsThreadsShareOfAnInstance()
    {
        // m7i.xlarge: $0.2016 / 4 vCPUs = $0.0504 a thread; 8 threads $0.4032.
        Figure price = PriceCatalogue.Find(RecordBuilder.Cpu().Device, 8);
        Assert.Equal(0.4032, price.Value!.Value, 12);
        Assert.Contains("m7i.xlarge in us-east-1", price.Provenance.Source, StringComparison.Ordinal);
        Assert.Equal(0.0504, PriceCatalogue.Find(RecordBuilder.Cpu().Device, 1).Value!.Value, 12);
    }

    [Fact]
    public void WhatHasNoPriceSaysSo()
    {
        DeviceInfo cpu = RecordBuilder.Cpu().Device;
        foreach (
            Figure price in new[]
            {
                PriceCatalogue.Find(cpu, null),
                PriceCatalogue.Find(cpu, 0),
                PriceCatalogue.Find(cpu with { Backend = "emulator" }, 8),
                PriceCatalogue.Find(HardwareCatalogue.Find("rtx4090")),
            }
        )
        {
            Assert.Null(price.Value);
            Assert.Equal("noPrice", price.Provenance.Reason);
            Assert.False(string.IsNullOrWhiteSpace(price.Provenance.Detail));
        }
    }

    [Fact]
    public void DefaultUtilisationIsAssumedWithItsSource()
    {
        Assert.Equal(0.65, PriceCatalogue.DefaultUtilization.Value);
        Assert.Equal(Provenance.Assumed, PriceCatalogue.DefaultUtilization.Provenance.Kind);
        Assert.Contains("55–75 %", PriceCatalogue.DefaultUtilization.Provenance.Source, StringComparison.Ordinal);
    }
}
