using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Measurement.Telemetry.Amd;
using GpuDecodeBench.Measurement.Tests.Telemetry.Amd.StandIn;
using GpuDecodeBench.Tests.Shared;
using Offsets = GpuDecodeBench.Measurement.Telemetry.Amd.AmdGpuMetrics.Offsets;

namespace GpuDecodeBench.Measurement.Tests.Telemetry.Amd;

/// <summary>AMD's newer library, as two of its versions lay its structures out.</summary>
public sealed class AmdSmiTests
{
    private static readonly string[] LayoutNames =
    [
        "temperature_edge",
        "temperature_hotspot",
        "temperature_mem",
        "average_gfx_activity",
        "average_umc_activity",
        "average_socket_power",
        "current_gfxclk",
        "current_uclk",
        "pcie_link_width",
        "pcie_link_speed",
        "temperature_hbm",
        "indep_throttle_status",
        "current_socket_power",
        "pcie_replay_count_acc",
        "current_gfxclks",
        "prochot",
        "ppt",
        "socket_thm",
        "vr_thm",
        "hbm_thm",
        "max_pcie_width",
        "max_pcie_speed",
        "power_cap",
        "default_power_cap",
        "min_power_cap",
        "max_power_cap",
        "max_clk",
        "correctable",
        "uncorrectable",
        "page",
        "page status",
        "links",
        "max_bandwidth",
        "link_type",
        "process",
        "pid",
        "vram_mem",
        "vram_bit_width",
        "link",
    ];

    [StandInTheory]
    [InlineData(24)]
    [InlineData(26)]
    public void Every_field_lies_where_the_C_compiler_puts_it(int year)
    {
        using AmdStandIn library = AmdStandIn.AmdSmi($"-DYEAR={year}");
        AmdSmiLayout layout = AmdSmiLayout.Of((uint)year)!;
        int[] ours =
        [
            Offsets.TemperatureEdge,
            Offsets.TemperatureHotspot,
            Offsets.TemperatureMemory,
            Offsets.AverageGfxActivity,
            Offsets.AverageUmcActivity,
            Offsets.AverageSocketPower,
            Offsets.CurrentGfxClock,
            Offsets.CurrentMemoryClock,
            Offsets.PcieLinkWidth,
            Offsets.PcieLinkSpeed,
            Offsets.TemperatureHbm,
            Offsets.IndependentThrottleStatus,
            Offsets.CurrentSocketPower,
            Offsets.PcieReplayCount,
            Offsets.CurrentGfxClocks,
            Offsets.ProchotResidency,
            Offsets.PowerResidency,
            Offsets.SocketThermalResidency,
            Offsets.RegulatorThermalResidency,
            Offsets.MemoryThermalResidency,
            AmdSmiLayout.PcieMaximumWidth,
            AmdSmiLayout.PcieMaximumSpeed,
            AmdSmiLayout.CapCurrent,
            AmdSmiLayout.CapDefault,
            AmdSmiLayout.CapMinimum,
            AmdSmiLayout.CapMaximum,
            AmdSmiLayout.ClockMaximum,
            AmdSmiLayout.ErrorsCorrectable,
            AmdSmiLayout.ErrorsUncorrectable,
            AmdSmiLayout.PageBytes,
            AmdSmiLayout.PageStatus,
            AmdSmiLayout.Links,
            AmdSmiLayout.LinkMaximumGigabits,
            AmdSmiLayout.LinkType,
            layout.ProcessBytes,
            layout.ProcessId,
            layout.ProcessMemory,
            layout.MemoryWidth,
            layout.LinkBytes,
        ];

        Assert.Equal(LayoutNames.Zip(library.Layout(LayoutNames.Length)), LayoutNames.Zip(ours));
    }

    [StandInFact]
    public void A_sample_of_a_card_with_one_clock()
    {
        using AmdStandIn library = AmdStandIn.AmdSmi("-DYEAR=24");
        library.Small(Offsets.AverageSocketPower, 300);
        library.Small(Offsets.CurrentGfxClock, 1700);
        library.Small(Offsets.CurrentMemoryClock, 1600);
        library.Small(Offsets.TemperatureEdge, 55);
        library.Small(Offsets.TemperatureMemory, 61);
        library.Small(Offsets.AverageGfxActivity, 87);
        library.Small(Offsets.AverageUmcActivity, 4300);
        library.Large(Offsets.IndependentThrottleStatus, 0);
        using AmdTelemetrySource source = library.Open();

        TelemetrySample sample = source.Read();
        Assert.Equal(15.3, sample.EnergyJoules!.Value, 1e-5);
        Assert.Equal((null, 300), (sample.PowerInstantWatts, sample.PowerAverageWatts));
        Assert.Equal((1.7e9, 1.6e9), (sample.CoreClockHz, sample.MemoryClockHz));
        Assert.Equal((55, 61), (sample.TemperatureCelsius, sample.MemoryTemperatureCelsius));
        Assert.Equal((0.87, 0.43), (sample.CoreUtilization, sample.MemoryUtilization));
        Assert.Equal(ThrottleReasons.None, sample.ThrottleReasons);
        Assert.Null(sample.FailureCode);
        Assert.Equal("amdsmi", source.Name);
        Assert.Contains("24.7.0.0", source.Description, StringComparison.Ordinal);
        Assert.Contains("not yet run on hardware", source.Description, StringComparison.Ordinal);
    }

    [StandInFact]
    public void A_sample_of_a_card_with_a_clock_for_each_die()
    {
        using AmdStandIn library = AmdStandIn.AmdSmi();
        library.Small(Offsets.CurrentSocketPower, 600);
        library.Small(Offsets.CurrentGfxClocks, 2100);
        library.Small(Offsets.CurrentGfxClocks + 2, 2000);
        library.Small(Offsets.CurrentGfxClocks + 4, 0);
        library.Small(Offsets.TemperatureHotspot, 71);
        library.Small(Offsets.TemperatureEdge, 55);
        library.Small(Offsets.TemperatureHbm, 60);
        library.Small(Offsets.TemperatureHbm + 4, 66);
        using AmdTelemetrySource source = library.Open();

        TelemetrySample sample = source.Read();
        Assert.Equal((600, null), (sample.PowerInstantWatts, sample.PowerAverageWatts));
        Assert.Equal(2.05e9, sample.CoreClockHz);
        Assert.Equal((71, 66), (sample.TemperatureCelsius, sample.MemoryTemperatureCelsius));
        Assert.Null(sample.ThrottleReasons);
        Assert.Null(sample.FailureCode);
    }

    [StandInFact]
    public void A_table_of_ones_is_not_available_and_never_zero()
    {
        using AmdStandIn library = AmdStandIn.AmdSmi();
        library.Energy(ulong.MaxValue, 15.3f);
        using AmdTelemetrySource source = library.Open();

        TelemetrySample sample = source.Read();
        Assert.Equal(new TelemetrySample { Seconds = sample.Seconds }, sample);
        Assert.Equal(Enum.GetValues<TelemetryQuantity>(), source.Capabilities.Select(one => one.Quantity));
        Assert.All(source.Capabilities, one => Assert.Equal("amdsmi.notAvailable", one.ReasonCode));
        Assert.Equal("amdsmi.notAvailable", source.ReadState().Pcie.Generation.ReasonCode);
    }

    [StandInFact]
    public void Limits_that_are_counted_are_reasons_when_the_count_rises()
    {
        using AmdStandIn library = AmdStandIn.AmdSmi();
        library.Large(Offsets.PowerResidency, 5);
        library.Large(Offsets.ProchotResidency, 5);
        library.Large(Offsets.MemoryThermalResidency, 5);
        using AmdTelemetrySource source = library.Open();

        Assert.Equal(ThrottleReasons.None, source.Read().ThrottleReasons);
        library.Large(Offsets.PowerResidency, 6);
        Assert.Equal(ThrottleReasons.SoftwarePowerCap, source.Read().ThrottleReasons);
        library.Large(Offsets.ProchotResidency, 9);
        library.Large(Offsets.MemoryThermalResidency, 6);
        Assert.Equal(ThrottleReasons.HardwareThermal | ThrottleReasons.SoftwareThermal, source.Read().ThrottleReasons);
        Assert.Equal(ThrottleReasons.None, source.Read().ThrottleReasons);
    }

    [StandInTheory]
    [InlineData(24, "24.7")]
    [InlineData(26, "stand-in")]
    public void The_state_of_a_card(int year, string version)
    {
        using AmdStandIn library = AmdStandIn.AmdSmi($"-DYEAR={year}");
        library.Small(Offsets.PcieLinkWidth, 8);
        library.Small(Offsets.PcieLinkSpeed, 160);
        library.Large(Offsets.PcieReplayCount, 2);
        using AmdTelemetrySource source = library.Open("0001:c1:1f.3");

        DeviceState state = source.ReadState();
        Assert.Contains(version, source.Description, StringComparison.Ordinal);
        Assert.Equal("AMD Instinct stand-in", state.Name.Value);
        Assert.Equal("baff74a1-0000-1000-805a-1c2d3e4f5a6b", state.Uuid.Value);
        Assert.Equal((0x1c1fbUL, "0001:c1:1f.3"), (library.Place, state.PciBusId.Value));
        Assert.Equal("6.8.5", state.DriverVersion.Value);
        Assert.Equal((192L << 30, 3L << 30), (state.MemoryTotalBytes.Value, state.MemoryUsedBytes.Value));
        Assert.Equal(8192, state.MemoryBusWidthBits.Value);
        Assert.Equal((700, 750, 750), Limits(state));
        Assert.Equal("amdsmi.notAvailable", state.PowerLimits.MinimumWatts.ReasonCode);
        Assert.Equal((2.1e9, 1.3e9), (state.Clocks.CoreMaximumHz.Value, state.Clocks.MemoryMaximumHz.Value));
        Assert.Equal((100, 110), (state.Thermal.SlowdownCelsius.Value, state.Thermal.ShutdownCelsius.Value));
        Assert.Equal(95, state.Thermal.MemoryMaximumCelsius.Value);
        Assert.True(state.MemoryErrors.IsEccEnabled.Value);
        Assert.Equal(
            (12, 3),
            (state.MemoryErrors.CorrectedSinceLoad.Value, state.MemoryErrors.UncorrectedSinceLoad.Value)
        );
        Assert.Equal(3, state.MemoryErrors.RemappedUncorrectable.Value);
        Assert.Equal(
            (true, false),
            (state.MemoryErrors.IsRemappingPending.Value, state.MemoryErrors.HasRemappingFailed.Value)
        );
        Assert.Equal((4, 5), (state.Pcie.Generation.Value, state.Pcie.MaximumGeneration.Value));
        Assert.Equal((8, 16, 2), (state.Pcie.Width.Value, state.Pcie.MaximumWidth.Value, state.Pcie.Replays.Value));
        Assert.Equal([0, 2], state.Links.Value.Select(link => link.Index));
        Assert.Equal(64e9, state.Links.Value[0].BytesPerSecond.Value);
        Assert.False(state.Links.Value[1].BytesPerSecond.HasValue);
        Assert.Equal(
            [(4711, 5_000_000_000), (4712, 6_000_000_000)],
            state.Processes.Value.Select(one => (one.ProcessId, one.MemoryBytes.Value))
        );
    }

    [StandInFact]
    public void A_cap_in_watts_is_not_taken_for_microwatts()
    {
        using AmdStandIn library = AmdStandIn.AmdSmi();
        library.PowerCap(700);
        using AmdTelemetrySource source = library.Open();
        Assert.Equal((700, 750, 750), Limits(source.ReadState()));
    }

    [StandInTheory]
    [InlineData(25, 600.0, null)]
    [InlineData(27, null, "amdsmi.unknownLayout")]
    public void What_lies_elsewhere_in_other_versions_is_not_guessed(int year, double? watts, string? reason)
    {
        using AmdStandIn library = AmdStandIn.AmdSmi($"-DYEAR={year}");
        library.Small(Offsets.CurrentSocketPower, 600);
        using AmdTelemetrySource source = library.Open();

        DeviceState state = source.ReadState();
        Assert.Equal("amdsmi.unknownLayout", state.Processes.ReasonCode);
        Assert.Equal("amdsmi.unknownLayout", state.MemoryBusWidthBits.ReasonCode);
        Assert.Equal("amdsmi.unknownLayout", state.Links.ReasonCode);
        Assert.Equal((watts, 700), (source.Read().PowerInstantWatts, state.PowerLimits.EnforcedWatts.Value));
        Assert.Equal(reason, source.Capabilities[(int)TelemetryQuantity.PowerInstant].ReasonCode);
        Assert.Equal(15.3, source.Read().EnergyJoules!.Value, 1e-5);
    }

    [StandInFact]
    public void An_older_library_without_some_functions_and_fields_tells_the_rest()
    {
        using AmdStandIn library = AmdStandIn.AmdSmi("-DOLD", "-DYEAR=24");
        library.Small(Offsets.AverageSocketPower, 300);
        using AmdTelemetrySource source = library.Open();

        TelemetryCapability energy = source.Capabilities[(int)TelemetryQuantity.EnergyCounter];
        Assert.Equal(("amdsmi.energyCount", "amdsmi.symbolMissing"), (energy.Method, energy.ReasonCode));
        TelemetrySample sample = source.Read();
        Assert.Equal((null, 300, null), (sample.EnergyJoules, sample.PowerAverageWatts, sample.FailureCode));
        Assert.Null(sample.ThrottleReasons);
        Assert.Equal("amdsmi.symbolMissing", source.ReadState().Links.ReasonCode);
    }

    [StandInFact]
    public void A_card_that_is_lost_says_so_in_every_sample()
    {
        using AmdStandIn library = AmdStandIn.AmdSmi();
        library.Small(Offsets.CurrentSocketPower, 600);
        using AmdTelemetrySource source = library.Open();
        Assert.Equal(600, source.Read().PowerInstantWatts);

        library.Fail(others: 31);
        TelemetrySample sample = source.Read();
        Assert.Equal(new TelemetrySample { Seconds = sample.Seconds, FailureCode = "amdsmi.deviceLost" }, sample);
        Assert.Equal("amdsmi.deviceLost", source.ReadState().Name.ReasonCode);
        Assert.Equal("amdsmi.deviceLost", source.ReadState().MemoryErrors.CorrectedSinceLoad.ReasonCode);
    }

    [StandInTheory]
    [InlineData(2, "amdsmi.notSupported")]
    [InlineData(8, "amdsmi.timeout")]
    [InlineData(10, "amdsmi.permissionDenied")]
    [InlineData(12, "amdsmi.fileError")]
    [InlineData(30, "amdsmi.busy")]
    [InlineData(34, "amdsmi.driverNotLoaded")]
    [InlineData(40, "amdsmi.noData")]
    [InlineData(43, "amdsmi.unexpectedData")]
    [InlineData(53, "amdsmi.invalidArgument")]
    [InlineData(0xFFFFFFFF, "amdsmi.failed")]
    public void Every_answer_of_the_library_is_a_reason(uint status, string reason)
    {
        using AmdStandIn library = AmdStandIn.AmdSmi();
        library.Fail(others: status);
        using AmdTelemetrySource source = library.Open();

        Assert.All(source.Capabilities, one => Assert.Equal(reason, one.ReasonCode));
        Assert.Null(source.Read().FailureCode);
        DeviceState state = source.ReadState();
        Assert.Equal((reason, reason), (state.Uuid.ReasonCode, state.PowerLimits.EnforcedWatts.ReasonCode));
        Assert.Equal((reason, reason), (state.Processes.ReasonCode, state.Thermal.SlowdownCelsius.ReasonCode));
    }

    [StandInTheory]
    [InlineData(18, 0, "amdsmi.initializationFailed")]
    [InlineData(34, 0, "amdsmi.driverNotLoaded")]
    [InlineData(0, 31, "amdsmi.deviceLost")]
    public void A_library_that_does_not_open_the_card_says_why_and_is_shut_down(uint init, uint find, string reason)
    {
        using AmdStandIn library = AmdStandIn.AmdSmi();
        library.Fail(init, find);
        Reading<AmdTelemetrySource> source = AmdTelemetrySource.Open("c1:00.0", library.Search);

        Assert.Equal((reason, 0), (source.ReasonCode, library.Started));
        Assert.False(string.IsNullOrEmpty(source.Detail));
    }

    [StandInFact]
    public void The_library_is_shut_down_once_with_its_source()
    {
        using AmdStandIn library = AmdStandIn.AmdSmi();
        AmdTelemetrySource source = library.Open();
        Assert.Equal(1, library.Started);
        source.Dispose();
        source.Dispose();
        Assert.Equal(0, library.Started);
    }

    [StandInFact]
    public void Reading_allocates_nothing()
    {
        using AmdStandIn library = AmdStandIn.AmdSmi();
        library.Small(Offsets.CurrentSocketPower, 600);
        using AmdTelemetrySource source = library.Open();
        source.Read();
        long before = GC.GetAllocatedBytesForCurrentThread();
        source.Read();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static (double, double, double) Limits(DeviceState state) =>
        (
            state.PowerLimits.EnforcedWatts.Value,
            state.PowerLimits.DefaultWatts.Value,
            state.PowerLimits.MaximumWatts.Value
        );
}
