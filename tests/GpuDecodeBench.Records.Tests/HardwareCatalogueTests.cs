using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Records.Tests;

public sealed class HardwareCatalogueTests
{
    [Theory]
    [InlineData("h200", 206, 412)]
    [InlineData("h100", 295, 591)]
    public void TheRidgeIsThePublishedOne(string name, double bf16, double fp8)
    {
        DeviceSpecification specification = HardwareCatalogue.Find(name).ToSpecification();
        Assert.Equal(
            bf16,
            Math.Round(specification.Bf16FlopsPerSecond!.Value / specification.MemoryBytesPerSecond!.Value)
        );
        Assert.Equal(
            fp8,
            Math.Round(specification.Fp8FlopsPerSecond!.Value / specification.MemoryBytesPerSecond!.Value)
        );
    }

    [Theory]
    [InlineData("h200", "H200 SXM")]
    [InlineData(" H200 sxm ", "H200 SXM")]
    [InlineData("MI300X", "MI300X")]
    [InlineData("4090", "RTX 4090")]
    public void AUsersNameIsFound(string name, string expected) =>
        Assert.Equal(expected, HardwareCatalogue.Find(name).Name);

    [Theory]
    [InlineData("h300")]
    [InlineData("")]
    [InlineData(null)]
    public void AnUnknownNameIsAnsweredWithTheKnownOnes(string? name)
    {
        string message = Assert.Throws<InputException>(() => HardwareCatalogue.Find(name!)).Message;
        Assert.Contains($"\"{name}\"", message, StringComparison.Ordinal);
        Assert.All(
            HardwareCatalogue.All,
            entry => Assert.Contains(entry.Aliases[0], message, StringComparison.Ordinal)
        );
    }

    [Theory]
    [InlineData("NVIDIA H200", "H200 SXM")]
    [InlineData("NVIDIA H100 80GB HBM3", "H100 SXM")]
    [InlineData("NVIDIA H100 PCIe", "H100 PCIe")]
    [InlineData("NVIDIA L40S", "L40S")]
    [InlineData("NVIDIA L4", "L4")]
    [InlineData("AMD Instinct MI300X OAM", "MI300X")]
    [InlineData("nvidia b200 ", "B200 SXM")]
    public void ADriversNameIsMatched(string reported, string expected) =>
        Assert.Equal(expected, HardwareCatalogue.MatchDevice(reported)?.Name);

    [Theory]
    [InlineData("NVIDIA H100 NVL")]
    [InlineData("NVIDIA H200 MIG 1g.18gb")]
    [InlineData("NVIDIA GH200 480GB")]
    [InlineData("NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition")]
    [InlineData("NVIDIA GeForce RTX 4090 Laptop GPU")]
    [InlineData("AMD EPYC 9654 96-Core Processor")]
    [InlineData("")]
    [InlineData(null)]
    public void ANameThatOnlyResemblesAKnownOneIsNotMatched(string? reported) =>
        Assert.Null(HardwareCatalogue.MatchDevice(reported));

    [Fact]
    public void EveryDeviceOfTheFactsTableIsThere() =>
        Assert.All(
            new[]
            {
                "a100",
                "h100",
                "h200",
                "b200",
                "b300",
                "gb200",
                "mi300x",
                "mi325x",
                "mi355x",
                "l40s",
                "l4",
                "rtx-pro-6000",
                "rtx-4090",
                "rtx-5090",
            },
            name => Assert.NotNull(HardwareCatalogue.Find(name).ToSpecification().MemoryBytesPerSecond)
        );

    [Fact]
    public void NamesAliasesAndReportedNamesAreUnique()
    {
        AssertUnique(
            HardwareCatalogue.All.SelectMany(entry => entry.Aliases.Append(entry.Name).Select(Lower).Distinct())
        );
        AssertUnique(HardwareCatalogue.All.SelectMany(entry => entry.ReportedNames).Select(Lower));
        Assert.All(
            HardwareCatalogue.All.SelectMany(entry => entry.Aliases),
            alias => Assert.Equal(Lower(alias), alias)
        );
    }

    [Fact]
    public void EveryValueNamesAListedSourceOnce()
    {
        string[] keys = [.. HardwareCatalogue.Sources.Select(source => source.Key)];
        AssertUnique(keys);
        foreach ((_, IReadOnlyList<SourcedValue> values) in HardwareCatalogue.All.SelectMany(entry => entry.Figures))
        {
            AssertUnique(values.Select(value => value.Source));
            Assert.All(values, value => Assert.Contains(value.Source, keys));
            Assert.All(values, value => Assert.True(double.IsFinite(value.Value) && value.Value > 0));
        }
    }

    [Fact]
    public void FiguresAreOfTheirUnitsMagnitude() =>
        Assert.All(
            HardwareCatalogue.All.Select(entry => entry.ToSpecification()),
            gpu =>
            {
                Assert.InRange(gpu.MemoryBytesPerSecond!.Value, 0.2e12, 20e12);
                Assert.InRange(gpu.MemoryBytes!.Value, 20e9, 400e9);
                Assert.InRange(gpu.Bf16FlopsPerSecond ?? 1e14, 1e14, 5e15);
                Assert.InRange(gpu.TdpWatts!.Value, 50, 2000);
                Assert.InRange(gpu.LinkBytesPerSecond ?? 1e11, 10e9, 2e12);
                double fp8OverBf16 =
                    (gpu.Fp8FlopsPerSecond ?? 2) / (gpu.Fp8FlopsPerSecond is null ? 1 : gpu.Bf16FlopsPerSecond!.Value);
                Assert.InRange(fp8OverBf16, 1.99, 2.03);
            }
        );

    [Fact]
    public void WhereSourcesDisagreeBothStandAndTheFirstIsUsed()
    {
        HardwareEntry b200 = HardwareCatalogue.Find("b200");
        Assert.Equal([7.7e12, 8e12], b200.MemoryBytesPerSecond.Select(value => value.Value));
        Assert.Equal(["aiconfigurator", "inferencex"], b200.MemoryBytesPerSecond.Select(value => value.Source));
        Assert.Equal(7.7e12, b200.ToSpecification().MemoryBytesPerSecond);
    }

    [Fact]
    public void ASpecificationNamesTheSourcesThatItUses()
    {
        string source = HardwareCatalogue.Find("h200").ToSpecification().Source;
        Assert.Contains(
            "aiconfigurator (https://github.com/ai-dynamo/aiconfigurator/",
            source,
            StringComparison.Ordinal
        );
        Assert.Contains(
            "inferencex (https://github.com/SemiAnalysisAI/InferenceX-app/",
            source,
            StringComparison.Ordinal
        );
        Assert.EndsWith(": fp8FlopsPerSecond", source, StringComparison.Ordinal);
    }

    /// <summary>A rate that is missing is no bound, so such a device would be as fast as its memory lets it, at any batch.</summary>
    [Fact]
    public void EveryDeviceHasADenseRateOfSixteenBits() =>
        Assert.All(HardwareCatalogue.All, entry => Assert.NotEmpty(entry.Bf16FlopsPerSecond));

    [Theory]
    // A dense rate with FP32 accumulation is a quarter of what is advertised with sparsity and FP16 accumulation.
    [InlineData("rtx-5090", 838.4e12 / 4, 1676.8e12 / 4)]
    [InlineData("rtx-4090", 165.15e12, 330.3e12)]
    public void ConsumerCardsHaveTheRatesWithFp32Accumulation(string name, double bf16, double fp8)
    {
        DeviceSpecification specification = HardwareCatalogue.Find(name).ToSpecification();
        Assert.Equal(bf16, specification.Bf16FlopsPerSecond!.Value, 1);
        Assert.Equal(fp8, specification.Fp8FlopsPerSecond!.Value, 1);
    }

    /// <summary>50 MiB, which a table copies from the H100, would make the doctor doubt every real H200.</summary>
    [Fact]
    public void AnH200HasTheCacheThatItsDriverReports() =>
        Assert.Equal(60L << 20, HardwareCatalogue.Find("h200").LastLevelCacheBytes[0].Value);

    [Fact]
    public void WhatNoSourceGivesIsAbsentAndNotZero()
    {
        Assert.Null(HardwareCatalogue.Find("a100").ToSpecification().Fp8FlopsPerSecond);
        Assert.Null(HardwareCatalogue.Find("rtx-5090").ToSpecification().LinkBytesPerSecond);
    }

    [Fact]
    public void TheClocksOfAnH200GiveTheBandwidthThatItsNoteTells() =>
        Assert.Equal(4.917e12, ClockInfo.BandwidthOf(3201e6, 6144), 1e9);

    private static string Lower(string text) => text.ToLowerInvariant();

    private static void AssertUnique(IEnumerable<string> names)
    {
        string[] all = [.. names];
        Assert.Equal(all.Length, all.Distinct(StringComparer.Ordinal).Count());
    }
}
