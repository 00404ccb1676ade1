using GpuDecodeBench.Records;
using GpuDecodeBench.Tests;

namespace GpuDecodeBench.Economics.Tests;

public class PriceCatalogueTests
{
    [Theory]
    [InlineData("h100", 1.69)]
    [InlineData("h200", 1.74)]
    [InlineData("b200", 2.34)]
    [InlineData("gb200", 2.75)]
    [InlineData("mi300x", 1.40)]
    [InlineData("mi355x", 1.90)]
    public void GpusCostWhatTheFactsTableSays(string name, double usd)
    {
        Figure price = PriceCatalogue.Find(HardwareCatalogue.Find(name));
        Assert.Equal(usd, price.Value);
        Assert.Equal(Provenance.Assumed, price.Provenance.Kind);
        Assert.Contains("InferenceX-app", price.Provenance.Source, StringComparison.Ordinal);
        Assert.Contains("https://", price.Provenance.Source, StringComparison.Ordinal);
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
        Assert.Equal(1.74, PriceCatalogue.Find(device, null).Value);
        Assert.Equal(1.74, PriceCatalogue.Find(device with { Specification = null }, null).Value);
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
