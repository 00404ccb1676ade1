using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Measurement.Telemetry.Amd;
using GpuDecodeBench.Measurement.Tests.Telemetry.Amd.StandIn;
using GpuDecodeBench.Tests.Shared;
using Offsets = GpuDecodeBench.Measurement.Telemetry.Amd.AmdGpuMetrics.Offsets;

namespace GpuDecodeBench.Measurement.Tests.Telemetry.Amd;

/// <summary>AMD's older library, which serves where the newer is missing.</summary>
public sealed class RocmSmiTests
{
    private const string Place = "0001:c1:00.0";

    [StandInFact]
    public void Every_field_lies_where_the_C_compiler_puts_it()
    {
        using AmdStandIn library = AmdStandIn.RocmSmi();
        int[] ours =
        [
            RocmSmiDevice.FrequencyCount,
            RocmSmiDevice.Frequencies,
            RocmSmiDevice.Lanes,
            RocmSmiDevice.ProcessBytes,
            RocmSmiDevice.ProcessMemory,
            AmdSmiLayout.PageBytes,
            AmdSmiLayout.PageStatus,
        ];
        Assert.Equal(library.Layout(ours.Length), ours);
    }

    [StandInFact]
    public void A_sample_and_the_state_of_the_card_at_a_place()
    {
        using AmdStandIn library = AmdStandIn.RocmSmi();
        library.Small(Offsets.AverageSocketPower, 300);
        library.Small(Offsets.PcieLinkWidth, 16);
        library.Small(Offsets.PcieLinkSpeed, 4);
        library.Large(Offsets.IndependentThrottleStatus, 1UL << 36);
        using AmdTelemetrySource source = library.Open(Place);

        TelemetrySample sample = source.Read();
        Assert.Equal("rocmsmi", source.Name);
        Assert.Contains("7.3.0", source.Description, StringComparison.Ordinal);
        Assert.Equal(30.6, sample.EnergyJoules!.Value, 1e-5);
        Assert.Equal((300, ThrottleReasons.SoftwareThermal), (sample.PowerAverageWatts, sample.ThrottleReasons));

        DeviceState state = source.ReadState();
        Assert.Equal(("Older stand-in", "0x1234abcd"), (state.Name.Value, state.Uuid.Value));
        Assert.Equal((Place, "6.3.0"), (state.PciBusId.Value, state.DriverVersion.Value));
        Assert.Equal((64L << 30, 1L << 30), (state.MemoryTotalBytes.Value, state.MemoryUsedBytes.Value));
        Assert.Equal((500, 560), (state.PowerLimits.EnforcedWatts.Value, state.PowerLimits.DefaultWatts.Value));
        Assert.Equal((100, 600), (state.PowerLimits.MinimumWatts.Value, state.PowerLimits.MaximumWatts.Value));
        Assert.Equal((1.7e9, 1.6e9), (state.Clocks.CoreMaximumHz.Value, state.Clocks.MemoryMaximumHz.Value));
        Assert.Equal((100, 105.5), (state.Thermal.SlowdownCelsius.Value, state.Thermal.ShutdownCelsius.Value));
        Assert.False(state.MemoryErrors.IsEccEnabled.Value);
        Assert.Equal(
            (8, 2),
            (state.MemoryErrors.CorrectedSinceLoad.Value, state.MemoryErrors.UncorrectedSinceLoad.Value)
        );
        Assert.True(state.MemoryErrors.HasRemappingFailed.Value);
        Assert.Equal((4, 4), (state.Pcie.Generation.Value, state.Pcie.MaximumGeneration.Value));
        Assert.Equal((16, 16, 4), (state.Pcie.Width.Value, state.Pcie.MaximumWidth.Value, state.Pcie.Replays.Value));
        Assert.Equal([(82L, 777L)], state.Processes.Value.Select(one => (one.ProcessId, one.MemoryBytes.Value)));
        Assert.Equal("rocmsmi.notSupported", state.Links.ReasonCode);
    }

    [StandInFact]
    public void A_version_whose_frequencies_lie_elsewhere_is_not_guessed()
    {
        using AmdStandIn library = AmdStandIn.RocmSmi("-DMAJOR=5");
        using AmdTelemetrySource source = library.Open(Place);
        DeviceState state = source.ReadState();
        Assert.Equal("rocmsmi.unknownLayout", state.Clocks.CoreMaximumHz.ReasonCode);
        Assert.Equal("rocmsmi.unknownLayout", state.Pcie.MaximumWidth.ReasonCode);
        Assert.Equal(500, state.PowerLimits.EnforcedWatts.Value);
    }

    [StandInTheory]
    [InlineData(2, "rocmsmi.notSupported")]
    [InlineData(3, "rocmsmi.fileError")]
    [InlineData(4, "rocmsmi.permissionDenied")]
    [InlineData(10, "rocmsmi.deviceLost")]
    [InlineData(14, "rocmsmi.noData")]
    [InlineData(16, "rocmsmi.busy")]
    [InlineData(99, "rocmsmi.failed")]
    public void Every_answer_of_the_library_is_a_reason(uint status, string reason)
    {
        using AmdStandIn library = AmdStandIn.RocmSmi();
        using AmdTelemetrySource source = library.Open(Place);
        library.Fail(others: status);

        Assert.Equal(reason, source.Read().FailureCode);
        DeviceState state = source.ReadState();
        Assert.Equal((reason, reason), (state.Name.ReasonCode, state.Clocks.CoreMaximumHz.ReasonCode));
        Assert.Equal((reason, reason), (state.MemoryErrors.IsEccEnabled.ReasonCode, state.Processes.ReasonCode));
        Assert.Equal((reason, reason), (state.PowerLimits.MaximumWatts.ReasonCode, state.Pcie.Replays.ReasonCode));
    }

    [StandInTheory]
    [InlineData(8, Place, "rocmsmi.initializationFailed")]
    [InlineData(0, "0001:c2:00.0", "rocmsmi.deviceLost")]
    public void A_library_that_does_not_open_the_card_says_why(uint init, string place, string reason)
    {
        using AmdStandIn library = AmdStandIn.RocmSmi();
        library.Fail(init);
        Assert.Equal(reason, AmdTelemetrySource.Open(place, library.Search).ReasonCode);
    }

    [StandInFact]
    public void A_newer_library_that_cannot_open_a_card_gives_way_to_the_older()
    {
        using AmdStandIn library = AmdStandIn.RocmSmi().WithStrangerAsAmdSmi();
        using AmdTelemetrySource source = library.Open(Place);
        Assert.Equal("rocmsmi", source.Name);
    }

    [StandInFact]
    public void A_newer_library_that_names_a_fault_is_believed()
    {
        using AmdStandIn newer = AmdStandIn.AmdSmi();
        newer.Fail(init: 34);
        using AmdStandIn older = AmdStandIn.RocmSmi();
        var both = new AmdLibrarySearch([.. newer.Search.Directories, .. older.Search.Directories])
        {
            HasSystemSearch = false,
        };
        Assert.Equal("amdsmi.driverNotLoaded", AmdTelemetrySource.Open(Place, both).ReasonCode);
    }
}
