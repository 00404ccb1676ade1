using System.Collections;
using System.Reflection;
using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Measurement.Telemetry.Nvml.Native;
using GpuDecodeBench.Measurement.Tests.Telemetry.Nvml.StandIn;
using GpuDecodeBench.Tests.Shared;

namespace GpuDecodeBench.Measurement.Tests.Telemetry.Nvml;

/// <summary>What seldom changes.</summary>
public sealed class NvmlStateTests : IClassFixture<NvmlStandIn>
{
    private readonly NvmlStandIn _standIn;

    public NvmlStateTests(NvmlStandIn standIn)
    {
        _standIn = standIn;
        if (StandInCompiler.WhyUnavailable is null)
        {
            _standIn.Reset();
        }
    }

    [StandInFact]
    public void Identity_and_memory_are_read()
    {
        DeviceState state = State();

        Assert.Equal("NVIDIA Stand-in H200", state.Name.Value);
        Assert.Equal((NvmlStandIn.Uuid, "00000000:65:00.0"), (state.Uuid.Value, state.PciBusId.Value));
        Assert.Equal(("570.86.15", "CUDA 12.8"), (state.DriverVersion.Value, state.RuntimeVersion.Value));
        Assert.Equal((143L << 30, 42L << 30), (state.MemoryTotalBytes.Value, state.MemoryUsedBytes.Value));
        Assert.Equal(6144, state.MemoryBusWidthBits.Value);
        Assert.Equal(
            (false, true, "exclusiveProcess"),
            (state.IsPartitioned.Value, state.Persistence.Value, state.ComputeMode.Value)
        );
    }

    [StandInFact]
    public void Limits_are_read()
    {
        DeviceState state = State();

        Assert.Equal(
            (700, 650, 200, 700),
            (
                state.PowerLimits.DefaultWatts.Value,
                state.PowerLimits.EnforcedWatts.Value,
                state.PowerLimits.MinimumWatts.Value,
                state.PowerLimits.MaximumWatts.Value
            )
        );
        Assert.Equal(
            (1980e6, 3202e6, 1500e6),
            (state.Clocks.CoreMaximumHz.Value, state.Clocks.MemoryMaximumHz.Value, state.Clocks.CoreApplicationHz.Value)
        );
        Assert.Equal(
            (3203e6, 1830e6, 3204e6),
            (
                state.Clocks.MemoryApplicationHz.Value,
                state.Clocks.CoreDefaultHz.Value,
                state.Clocks.MemoryDefaultHz.Value
            )
        );
        Assert.Equal(
            (89, 92, 95),
            (
                state.Thermal.SlowdownCelsius.Value,
                state.Thermal.ShutdownCelsius.Value,
                state.Thermal.MemoryMaximumCelsius.Value
            )
        );
    }

    [StandInFact]
    public void Errors_and_connections_are_read()
    {
        DeviceState state = State();
        MemoryErrorState errors = state.MemoryErrors;

        Assert.True(errors.IsEccEnabled.Value);
        Assert.Equal(
            (100, 110, 101, 111),
            (
                errors.CorrectedSinceLoad.Value,
                errors.UncorrectedSinceLoad.Value,
                errors.CorrectedInAll.Value,
                errors.UncorrectedInAll.Value
            )
        );
        Assert.Equal((2, 1), (errors.RemappedCorrectable.Value, errors.RemappedUncorrectable.Value));
        Assert.Equal((true, false), (errors.IsRemappingPending.Value, errors.HasRemappingFailed.Value));
        Assert.Equal((4, 5), (state.Pcie.Generation.Value, state.Pcie.MaximumGeneration.Value));
        Assert.Equal((8, 16, 3), (state.Pcie.Width.Value, state.Pcie.MaximumWidth.Value, state.Pcie.Replays.Value));
    }

    [StandInFact]
    public void Links_are_read_and_one_that_is_down_has_no_speed()
    {
        IReadOnlyList<LinkState> links = State().Links.Value;

        Assert.Equal([true, false, true], links.Select(link => link.IsActive.Value));
        Assert.Equal((26562e6, 26564e6), (links[0].BytesPerSecond.Value, links[2].BytesPerSecond.Value));
        Assert.Equal("nvml.linkIsDown", links[1].BytesPerSecond.ReasonCode);
    }

    [StandInFact]
    public void A_GPU_without_links_says_that_it_has_none()
    {
        _standIn.Fail("nvmlDeviceGetFieldValues 91/0", NvmlReturn.NotSupported);
        _standIn.Fail("nvmlDeviceGetNvLinkState", NvmlReturn.NotSupported);

        Assert.Equal("nvml.notSupported", State().Links.ReasonCode);
    }

    [StandInFact]
    public void A_driver_that_does_not_count_links_is_asked_until_it_refuses_one()
    {
        _standIn.Fail("nvmlDeviceGetFieldValues 91/0", NvmlReturn.NotSupported);
        _standIn.Fail("nvmlDeviceGetNvLinkState 2", NvmlReturn.InvalidArgument);

        Assert.Equal(2, State().Links.Value.Count);
    }

    [StandInFact]
    public void Processes_are_listed()
    {
        Assert.Empty(State().Processes.Value);
        _standIn.Reset();
        _standIn.Process(4242);
        _standIn.Process(4243);

        Assert.Equal(
            [(4242, 1L << 30), (4243, 2L << 30)],
            State().Processes.Value.Select(process => (process.ProcessId, process.MemoryBytes.Value))
        );
    }

    [StandInFact]
    public void A_process_whose_memory_is_hidden_is_still_listed()
    {
        _standIn.Process(4242);
        _standIn.Answer("nvmlDeviceGetComputeRunningProcesses_v3", ulong.MaxValue);

        ProcessState process = Assert.Single(State().Processes.Value);

        Assert.Equal((4242, "nvml.valueNotAvailable"), (process.ProcessId, process.MemoryBytes.ReasonCode));
    }

    [StandInFact]
    public void Processes_of_drivers_that_write_more_of_each_are_told_apart()
    {
        using var longer = NvmlStandIn.With("-DLONG_PROCESSES");
        longer.Process(4242);
        longer.Process(4243);
        longer.Process(4244);
        using ITelemetrySource source = longer.Open();

        Assert.Equal(
            [(4242, 1L << 30), (4243, 2L << 30), (4244, 3L << 30)],
            source.ReadState().Processes.Value.Select(process => (process.ProcessId, process.MemoryBytes.Value))
        );
    }

    [StandInFact]
    public void An_old_driver_is_read_through_its_older_functions()
    {
        using var old = NvmlStandIn.With(
            "-DnvmlInit_v2=nvmlInit",
            "-DnvmlSystemGetCudaDriverVersion_v2=nvmlSystemGetCudaDriverVersion",
            "-DnvmlDeviceGetHandleByPciBusId_v2=nvmlDeviceGetHandleByPciBusId",
            "-DnvmlDeviceGetMemoryInfo_v2=left_out_1",
            "-DnvmlDeviceGetPciInfo_v3=left_out_2",
            "-DnvmlDeviceGetComputeRunningProcesses_v2=left_out_3",
            "-DnvmlDeviceGetComputeRunningProcesses_v3=left_out_4",
            "-DnvmlDeviceGetCurrentClocksEventReasons=left_out_5"
        );
        old.Process(4242);
        old.Process(4243);
        using ITelemetrySource source = old.Open(NvmlStandIn.Gpu with { Uuid = null });

        DeviceState state = source.ReadState();

        Assert.Equal((143L << 30, 43L << 30), (state.MemoryTotalBytes.Value, state.MemoryUsedBytes.Value));
        Assert.Equal(("0000:65:00.0", "CUDA 12.8"), (state.PciBusId.Value, state.RuntimeVersion.Value));
        Assert.Equal([4242, 4243], state.Processes.Value.Select(process => process.ProcessId));
        Assert.Equal(ThrottleReasons.HardwareSlowdown, source.Read().ThrottleReasons);
    }

    [StandInFact]
    public void A_missing_function_costs_its_own_readings_and_no_others()
    {
        using var poor = NvmlStandIn.Without(
            "nvmlDeviceGetFieldValues",
            "nvmlDeviceGetUtilizationRates",
            "nvmlDeviceGetEnforcedPowerLimit",
            "nvmlDeviceGetRemappedRows",
            "nvmlErrorString"
        );
        using ITelemetrySource source = poor.Open();

        TelemetrySample sample = source.Read();
        DeviceState state = source.ReadState();

        Assert.Equal((5000.001, 411), (sample.EnergyJoules, sample.PowerAverageWatts));
        Assert.Equal((null, null), (sample.CoreUtilization, sample.FailureCode));
        Assert.Equal(
            ["PowerInstant", "MemoryTemperature", "CoreUtilization", "MemoryUtilization"],
            source
                .Capabilities.Where(capability => capability.ReasonCode == "nvml.functionNotFound")
                .Select(capability => capability.Quantity.ToString())
        );
        Assert.Equal("nvml.functionNotFound", state.PowerLimits.EnforcedWatts.ReasonCode);
        Assert.Equal("nvml.functionNotFound", state.MemoryErrors.IsRemappingPending.ReasonCode);
        Assert.Equal(700, state.PowerLimits.DefaultWatts.Value);
        Assert.Contains("a newer driver has it", state.PowerLimits.EnforcedWatts.Detail, StringComparison.Ordinal);
    }

    [StandInFact]
    public void A_library_without_any_function_is_an_answer()
    {
        using var empty = NvmlStandIn.Without("nvmlInit_v2");

        var source = Assert.IsType<UnavailableTelemetry>(empty.Open());

        Assert.Equal("nvml.functionNotFound", source.ReasonCode);
    }

    [StandInTheory]
    [InlineData((int)NvmlReturn.NotSupported, "nvml.notSupported")]
    [InlineData((int)NvmlReturn.NoPermission, "nvml.noPermission")]
    [InlineData(31, "nvml.error31")]
    public void Nothing_is_a_value_when_every_call_is_refused(int result, string code)
    {
        using ITelemetrySource source = _standIn.Open();
        _standIn.FailEverything((NvmlReturn)result);

        Assert.All(Readings(source.ReadState()), reading => Assert.Equal((false, code), reading));
    }

    [Fact]
    public void Nothing_is_a_value_where_there_is_no_source()
    {
        using var source = new UnavailableTelemetry("none", "emulated", "It is a program.");

        Assert.All(Readings(source.ReadState()), reading => Assert.Equal((false, "emulated"), reading));
    }

    /// <summary>Every reading of a state, as far as its parts go.</summary>
    private static IEnumerable<(bool HasValue, string? Code)> Readings(object state) =>
        state
            .GetType()
            .GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(property => property.GetIndexParameters().Length == 0)
            .Select(property => property.GetValue(state))
            .OfType<object>()
            .SelectMany(value =>
                value.GetType().Name.StartsWith("Reading", StringComparison.Ordinal)
                    ?
                    [
                        (
                            (bool)value.GetType().GetProperty("HasValue")!.GetValue(value)!,
                            (string?)value.GetType().GetProperty("ReasonCode")!.GetValue(value)
                        ),
                    ]
                : value is IEnumerable ? []
                : Readings(value)
            );

    private DeviceState State()
    {
        using ITelemetrySource source = _standIn.Open();
        return source.ReadState();
    }
}
