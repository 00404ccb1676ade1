using GpuDecodeBench.Reporting.Tables;

namespace GpuDecodeBench.Reporting.Tests;

/// <summary>What can be read of a device, in a line for people and in a table for programs.</summary>
public sealed class TelemetryTableTests
{
    private static readonly TelemetryRow[] s_gpu =
    [
        new("cuda:0", "nvml", "energyCounter", "field 83", null, "of the whole GPU"),
        new("cuda:0", "nvml", "powerInstant", "field 186", null, null),
        new("cuda:0", "nvml", "memoryTemperature", "field 82", "nvml.notSupported", "It has none."),
        new("cuda:0", "nvml", "coreClock", "clock", "nvml.implausibleZero", "It is zero."),
        new("cuda:0", "nvml", "memoryClock", "clock", "nvml.implausibleZero", "It is zero."),
    ];

    private static readonly TelemetryRow[] s_cpu =
    [
        new("cpu", "none", "energyCounter", "none", "noSource", "There is none."),
        new("cpu", "none", "powerInstant", "none", "noSource", "There is none."),
    ];

    [Fact]
    public void A_line_says_what_is_read_and_what_is_not_and_why() =>
        Assert.Equal(
            "Telemetry of cuda:0, nvml: energy counter, power instant; no memory temperature (nvml.notSupported); "
                + "no core clock, memory clock (nvml.implausibleZero).",
            TelemetryTable.Line(s_gpu)
        );

    [Fact]
    public void A_line_of_a_device_without_any_says_why_once() =>
        Assert.Equal("Telemetry of cpu: none (noSource): There is none.", TelemetryTable.Line(s_cpu));

    [Fact]
    public void The_list_of_devices_has_a_line_for_each_that_was_asked()
    {
        ResultTable table = DeviceTable.From([
            new DeviceRow("cuda:0", "Some GPU", "cuda", null, null, null) { Telemetry = s_gpu },
            new DeviceRow("reference", "The reference", "reference", null, null, null),
        ]);

        Assert.Equal([TelemetryTable.Line(s_gpu)], table.Captions);
    }

    [Fact]
    public void Programs_get_every_quantity() =>
        Assert.StartsWith(
            "device,source,quantity,method,available,reasonCode,detail\r\n"
                + "cuda:0,nvml,energyCounter,field 83,true,,of the whole GPU\r\n"
                + "cuda:0,nvml,powerInstant,field 186,true,,\r\n"
                + "cuda:0,nvml,memoryTemperature,field 82,false,nvml.notSupported,It has none.\r\n",
            Render.Csv(TelemetryTable.From(s_gpu)),
            StringComparison.Ordinal
        );
}
