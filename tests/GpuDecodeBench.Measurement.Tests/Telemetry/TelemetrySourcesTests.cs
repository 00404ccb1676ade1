using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Cuda;
using GpuDecodeBench.Measurement.Telemetry;

namespace GpuDecodeBench.Measurement.Tests.Telemetry;

/// <summary>Every device has a source, if only one that says why it tells nothing.</summary>
public sealed class TelemetrySourcesTests
{
    [Theory]
    [InlineData("emulator", null, "emulated")]
    [InlineData("cuda", "There is no driver.", "deviceUnavailable")]
    [InlineData("reference", null, "noSource")]
    public void A_device_without_sensors_says_why(string backend, string? unavailable, string code)
    {
        var device = new DeviceDescription
        {
            Id = "some",
            Name = "Some device",
            Backend = backend,
            UnavailableReason = unavailable,
        };

        using ITelemetrySource source = TelemetrySources.Open(device);

        Assert.Equal(code, Assert.IsType<UnavailableTelemetry>(source).ReasonCode);
        Assert.Equal(Enum.GetValues<TelemetryQuantity>(), source.Capabilities.Select(c => c.Quantity));
        Assert.All(source.Capabilities, capability => Assert.Equal(code, capability.ReasonCode));
    }

    [Fact]
    public void The_emulators_own_description_leads_to_its_answer()
    {
        using ITelemetrySource source = TelemetrySources.Open(new EmulatorBackend().FindDevices()[0]);

        Assert.Equal("emulated", source.Read().FailureCode);
    }
}
