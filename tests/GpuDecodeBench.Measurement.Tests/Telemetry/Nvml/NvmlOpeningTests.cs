using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Native;
using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Measurement.Telemetry.Nvml;
using GpuDecodeBench.Measurement.Telemetry.Nvml.Native;
using GpuDecodeBench.Measurement.Tests.Telemetry.Nvml.StandIn;
using GpuDecodeBench.Tests.Shared;

namespace GpuDecodeBench.Measurement.Tests.Telemetry.Nvml;

/// <summary>How a GPU is found, and what is said where it is not.</summary>
public sealed class NvmlOpeningTests : IClassFixture<NvmlStandIn>
{
    private readonly NvmlStandIn _standIn;

    public NvmlOpeningTests(NvmlStandIn standIn)
    {
        _standIn = standIn;
        if (StandInCompiler.WhyUnavailable is null)
        {
            _standIn.Reset();
        }
    }

    [StandInFact]
    public void A_GPU_is_found_by_its_UUID()
    {
        using ITelemetrySource source = _standIn.Open(NvmlStandIn.Gpu with { PciBusId = "0000:01:00.0" });

        Assert.Equal(
            "NVML 12.570.86.15 with driver 570.86.15: NVIDIA Stand-in H200, found by UUID "
                + "GPU-00112233-4455-6677-8899-aabbccddeeff. This source has not been run on hardware yet.",
            source.Description
        );
        Assert.Equal("nvml", source.Name);
    }

    [StandInFact]
    public void A_GPU_without_a_UUID_is_found_by_its_place()
    {
        using ITelemetrySource source = _standIn.Open(NvmlStandIn.Gpu with { Uuid = null });

        Assert.Contains("found by PCI bus id 0000:65:00.0", source.Description, StringComparison.Ordinal);
        Assert.Equal(420, source.Read().PowerInstantWatts);
    }

    [StandInFact]
    public void A_GPU_whose_UUID_may_not_be_asked_for_is_found_by_its_place()
    {
        _standIn.Fail("nvmlDeviceGetHandleByUUID", NvmlReturn.NoPermission);
        using ITelemetrySource source = _standIn.Open();

        Assert.Contains("found by PCI bus id", source.Description, StringComparison.Ordinal);
    }

    [StandInFact]
    public void Another_GPU_at_the_place_is_refused()
    {
        _standIn.Identity("GPU-ffffffff-4455-6677-8899-aabbccddeeff");

        UnavailableTelemetry source = Refused(NvmlStandIn.Gpu);

        Assert.Equal("nvml.otherDevice", source.ReasonCode);
        Assert.Contains("would be another GPU's", source.Description, StringComparison.Ordinal);
    }

    [StandInFact]
    public void A_GPU_without_identity_is_refused_rather_than_counted()
    {
        UnavailableTelemetry source = Refused(NvmlStandIn.Gpu with { Uuid = null, PciBusId = null });

        Assert.Equal("nvml.noIdentity", source.ReasonCode);
        Assert.Equal(0, _standIn.References);
    }

    [StandInFact]
    public void A_part_of_a_GPU_is_read_as_the_whole_and_says_so()
    {
        using ITelemetrySource source = _standIn.Open(NvmlStandIn.Gpu with { Uuid = "MIG-1234" });

        Assert.Equal(420, source.Read().PowerInstantWatts);
        Assert.Contains("the whole GPU's", source.Description, StringComparison.Ordinal);
        Assert.Contains("of the whole GPU", source.Capabilities[0].Detail, StringComparison.Ordinal);
        Assert.True(source.ReadState().IsPartitioned.Value);
    }

    [StandInTheory]
    [InlineData((int)NvmlReturn.DriverNotLoaded, "nvml.driverNotLoaded", "kernel module is not loaded")]
    [InlineData((int)NvmlReturn.LibRmVersionMismatch, "nvml.libRmVersionMismatch", "reboot")]
    [InlineData((int)NvmlReturn.NoPermission, "nvml.noPermission", "run as root")]
    [InlineData((int)NvmlReturn.OperatingSystem, "nvml.operatingSystem", "device rules")]
    [InlineData((int)NvmlReturn.Unknown, "nvml.unknown", "nvidia-smi -q")]
    [InlineData(4711, "nvml.error4711", "code 4711")]
    public void A_library_that_does_not_start_says_why(int result, string code, string words)
    {
        _standIn.FailEverything((NvmlReturn)result);

        UnavailableTelemetry source = Refused(NvmlStandIn.Gpu);

        Assert.Equal(code, source.ReasonCode);
        Assert.Contains(words, source.Description, StringComparison.Ordinal);
        Assert.All(source.Capabilities, capability => Assert.Equal(code, capability.ReasonCode));
    }

    [StandInFact]
    public void Every_code_of_the_library_makes_a_reading_unavailable_under_its_own_name()
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (NvmlReturn code in Enum.GetValues<NvmlReturn>().Where(code => code != NvmlReturn.Success))
        {
            _standIn.Reset();
            _standIn.Fail("nvmlDeviceGetTemperature", code);
            using ITelemetrySource source = _standIn.Open();

            TelemetryCapability capability = source.Capabilities.Single(c =>
                c.Quantity == TelemetryQuantity.Temperature
            );
            string name = code.ToString();
            Assert.Equal($"nvml.{char.ToLowerInvariant(name[0])}{name[1..]}", capability.ReasonCode);
            Assert.Contains($"code {(int)code}", capability.Detail, StringComparison.Ordinal);
            Assert.Null(source.Read().TemperatureCelsius);
            Assert.True(names.Add(capability.ReasonCode!));
        }
    }

    [Fact]
    public void Without_a_library_the_sentence_says_where_it_was_looked_for()
    {
        NativeLibrarySearch search = NvidiaLibraries.Management("libnvidia-ml-of-nobody.so.1", ["/nowhere/lib64"]);

        var source = Assert.IsType<UnavailableTelemetry>(NvmlTelemetry.Open(NvmlStandIn.Gpu, search));

        Assert.Equal("nvml.libraryNotFound", source.ReasonCode);
        Assert.Equal(
            "NVML, which comes with the NVIDIA driver, is not here: libnvidia-ml-of-nobody.so.1 was not found by its name nor in "
                + "/nowhere/lib64: install the NVIDIA driver, or start the container with --gpus all and \"utility\" in "
                + "NVIDIA_DRIVER_CAPABILITIES.",
            source.Description
        );
        Assert.Equal("nvml.libraryNotFound", source.Read().FailureCode);
        Assert.Equal("nvml.libraryNotFound", source.ReadState().PowerLimits.EnforcedWatts.ReasonCode);
    }

    [Fact]
    public void An_operating_system_without_the_library_is_named()
    {
        var source = Assert.IsType<UnavailableTelemetry>(
            NvmlTelemetry.Open(NvmlStandIn.Gpu, NvidiaLibraries.Management(null, []))
        );

        Assert.Equal("nvml.noSuchSystem", source.ReasonCode);
    }

    [StandInFact]
    public void A_library_that_does_not_load_is_named()
    {
        string folder = Directory.CreateTempSubdirectory("nvml-broken-").FullName;
        try
        {
            File.WriteAllText(Path.Combine(folder, "libnvidia-ml.so.1"), "not a library");

            var source = Assert.IsType<UnavailableTelemetry>(
                NvmlTelemetry.Open(NvmlStandIn.Gpu, NvmlStandIn.Search(folder))
            );

            Assert.Equal("nvml.libraryBroken", source.ReasonCode);
            Assert.Contains("is there but does not load", source.Description, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [StandInFact]
    public void A_search_of_this_machine_looks_where_drivers_are()
    {
        NativeLibrarySearch search = NvidiaLibraries.Management();

        Assert.Equal("libnvidia-ml.so.1", search.FileName);
        Assert.Contains("/usr/local/nvidia/lib64", search.Directories);
        Assert.Contains("/usr/lib/wsl/lib", search.Directories);
    }

    private UnavailableTelemetry Refused(DeviceDescription device) =>
        Assert.IsType<UnavailableTelemetry>(_standIn.Open(device));
}
