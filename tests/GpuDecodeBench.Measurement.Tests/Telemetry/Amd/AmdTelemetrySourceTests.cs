using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Measurement.Telemetry.Amd;

namespace GpuDecodeBench.Measurement.Tests.Telemetry.Amd;

/// <summary>Which library is taken, and what its numbers mean.</summary>
public sealed class AmdTelemetrySourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("amd-none-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private Reading<AmdTelemetrySource> Open(string place = "0000:c1:00.0") =>
        AmdTelemetrySource.Open(place, new AmdLibrarySearch([_folder]) { HasSystemSearch = false });

    [Fact]
    public void Without_a_library_both_names_and_the_folder_are_told()
    {
        Reading<AmdTelemetrySource> source = Open();
        Assert.Equal("amd.libraryMissing", source.ReasonCode);
        Assert.Contains("libamd_smi.so", source.Detail, StringComparison.Ordinal);
        Assert.Contains("librocm_smi64.so", source.Detail, StringComparison.Ordinal);
        Assert.Contains(_folder, source.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_library_is_told_with_its_path()
    {
        string path = Path.Combine(_folder, "libamd_smi.so");
        File.WriteAllText(path, "no library");
        Reading<AmdTelemetrySource> source = Open();
        Assert.Equal("amd.libraryMissing", source.ReasonCode);
        Assert.Contains($"{path} is there but does not load", source.Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("gpu0")]
    [InlineData("0000:c1:00")]
    [InlineData("0000:1c1:00.0")]
    [InlineData("0000:c1:20.0")]
    [InlineData("0000:c1:00.8")]
    [InlineData("0:0000:c1:00.0")]
    public void What_is_no_place_on_the_bus_is_refused(string place)
    {
        ArgumentException thrown = Assert.Throws<ArgumentException>(() => Open(place));
        Assert.Contains($"'{place}'", thrown.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, ThrottleReasons.None)]
    [InlineData(0, ThrottleReasons.SoftwarePowerCap, 0)]
    [InlineData(0, ThrottleReasons.SoftwarePowerCap, 7, 16, 23, 56, 57)]
    [InlineData(0, ThrottleReasons.SoftwareThermal, 32, 43)]
    [InlineData(0, ThrottleReasons.HardwareThermal, 44, 47)]
    [InlineData(0, ThrottleReasons.HardwareSlowdown, 8)]
    [InlineData(
        0,
        ThrottleReasons.SoftwarePowerCap | ThrottleReasons.SoftwareThermal | ThrottleReasons.HardwareThermal,
        1,
        36,
        46
    )]
    public void The_bits_of_limits_are_mapped(ulong bits, ThrottleReasons reasons, params int[] set)
    {
        Assert.Equal(reasons, AmdThrottle.FromBits(set.Aggregate(bits, (all, bit) => all | (1UL << bit))));
    }

    [Theory]
    [InlineData(2.5, 1)]
    [InlineData(2, 1)]
    [InlineData(5, 2)]
    [InlineData(8, 3)]
    [InlineData(16, 4)]
    [InlineData(32, 5)]
    [InlineData(64, 6)]
    [InlineData(0, null)]
    [InlineData(10, null)]
    public void A_speed_of_PCI_Express_is_a_generation(double gigatransfers, int? generation)
    {
        Assert.Equal(generation, PcieSpeed.Generation(gigatransfers));
    }
}
