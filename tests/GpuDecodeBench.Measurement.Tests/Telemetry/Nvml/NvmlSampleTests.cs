using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Measurement.Telemetry.Nvml.Native;
using GpuDecodeBench.Measurement.Tests.Telemetry.Nvml.StandIn;
using GpuDecodeBench.Tests.Shared;

namespace GpuDecodeBench.Measurement.Tests.Telemetry.Nvml;

/// <summary>What is read while work runs.</summary>
public sealed class NvmlSampleTests : IClassFixture<NvmlStandIn>
{
    private const string Fields = "nvmlDeviceGetFieldValues";
    private readonly NvmlStandIn _standIn;

    public NvmlSampleTests(NvmlStandIn standIn)
    {
        _standIn = standIn;
        if (StandInCompiler.WhyUnavailable is null)
        {
            _standIn.Reset();
        }
    }

    [StandInFact]
    public void Every_quantity_comes_in_its_unit()
    {
        using ITelemetrySource source = _standIn.Open();
        double before = TelemetryClock.NowSeconds;

        TelemetrySample sample = source.Read();

        Assert.InRange(sample.Seconds, before, TelemetryClock.NowSeconds);
        Assert.Equal(
            new TelemetrySample
            {
                Seconds = sample.Seconds,
                EnergyJoules = 5000,
                PowerInstantWatts = 420,
                PowerAverageWatts = 410,
                CoreClockHz = 1755e6,
                MemoryClockHz = 3201e6,
                TemperatureCelsius = 61,
                MemoryTemperatureCelsius = 71,
                ThrottleReasons = ThrottleReasons.SoftwarePowerCap,
                CoreUtilization = 0.97,
                MemoryUtilization = 0.40,
            },
            sample
        );
        Assert.All(source.Capabilities, capability => Assert.Null(capability.ReasonCode));
        Assert.Equal(Enum.GetValues<TelemetryQuantity>(), source.Capabilities.Select(c => c.Quantity));
        Assert.Equal(0.1, source.UpdatePeriodSeconds);
    }

    [StandInFact]
    public void A_sample_asks_for_all_fields_in_one_call()
    {
        using ITelemetrySource source = _standIn.Open();
        _standIn.ForgetCalls();

        source.Read();

        Assert.Equal(1, _standIn.Calls.Count(call => call == Fields));
        Assert.Equal(6, _standIn.Calls.Count(call => !call.Contains(' ', StringComparison.Ordinal)));
    }

    [StandInFact]
    public void Samples_allocate_nothing()
    {
        using ITelemetrySource source = _standIn.Open();
        source.Read();
        long before = GC.GetAllocatedBytesForCurrentThread();

        for (int i = 0; i < 100; i++)
        {
            source.Read();
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [StandInFact]
    public void The_modules_power_serves_where_the_GPU_does_not_tell_its_own()
    {
        _standIn.Fail($"{Fields} 186/0", NvmlReturn.NotSupported);
        _standIn.Fail($"{Fields} 185/0", NvmlReturn.NotSupported);
        _standIn.Fail("nvmlDeviceGetPowerUsage", NvmlReturn.NotSupported);
        using ITelemetrySource source = _standIn.Open();

        TelemetrySample sample = source.Read();

        Assert.Equal((620, 610), (sample.PowerInstantWatts, sample.PowerAverageWatts));
        Assert.Contains(
            "of the module",
            Capability(source, TelemetryQuantity.PowerInstant).Detail,
            StringComparison.Ordinal
        );
        Assert.Contains("Power is that of the module", source.Description, StringComparison.Ordinal);
    }

    [StandInTheory]
    [InlineData(9, 9, 0, null, 411.0)] // Hopper
    [InlineData(7, 8, 6, null, 411.0)] // GA102
    [InlineData(7, 8, 0, 411.0, null)] // GA100
    [InlineData(6, 7, 5, 411.0, null)] // Turing
    [InlineData(-1, 8, 9, null, 411.0)] // a driver without architectures
    [InlineData(-1, 7, 0, 411.0, null)]
    public void Power_usage_is_an_average_since_Ampere_but_for_GA100(
        int architecture,
        int major,
        int minor,
        double? instant,
        double? average
    )
    {
        _standIn.Fail(Fields, NvmlReturn.NotSupported);
        _standIn.Answer("nvmlDeviceGetArchitecture", (uint)architecture);
        _standIn.Answer("nvmlDeviceGetCudaComputeCapability 0", (ulong)major);
        _standIn.Answer("nvmlDeviceGetCudaComputeCapability 1", (ulong)minor);
        using ITelemetrySource source = _standIn.Open();

        TelemetrySample sample = source.Read();

        Assert.Equal((instant, average), (sample.PowerInstantWatts, sample.PowerAverageWatts));
        Assert.Equal(5000.001, sample.EnergyJoules);
        Assert.Equal(major == 7 && minor == 0 ? 0.02 : 0.1, source.UpdatePeriodSeconds);
        TelemetryQuantity missing = instant is null ? TelemetryQuantity.PowerInstant : TelemetryQuantity.PowerAverage;
        Assert.Equal("nvml.notSupported", Capability(source, missing).ReasonCode);
        Assert.Null(sample.FailureCode);
    }

    [StandInFact]
    public void Power_usage_of_an_unknown_GPU_is_told_with_what_is_not_known_of_it()
    {
        _standIn.Fail(Fields, NvmlReturn.NotSupported);
        _standIn.Fail("nvmlDeviceGetArchitecture", NvmlReturn.NotSupported);
        _standIn.Fail("nvmlDeviceGetCudaComputeCapability", NvmlReturn.NotSupported);
        using ITelemetrySource source = _standIn.Open();

        Assert.Equal(411, source.Read().PowerAverageWatts);
        Assert.Contains(
            "is not known of this GPU",
            Capability(source, TelemetryQuantity.PowerAverage).Detail,
            StringComparison.Ordinal
        );
    }

    [StandInFact]
    public void A_zero_that_cannot_be_is_not_told_and_said_to_be_implausible()
    {
        _standIn.Answer($"{Fields} 186/0", 0);
        _standIn.Answer($"{Fields} 186/1", 0);
        _standIn.Answer("nvmlDeviceGetClockInfo 1", 0);
        using ITelemetrySource source = _standIn.Open();

        TelemetrySample sample = source.Read();

        Assert.Equal((null, null, 410), (sample.PowerInstantWatts, sample.CoreClockHz, sample.PowerAverageWatts));
        Assert.Null(sample.FailureCode);
        Assert.Equal("nvml.implausibleZero", Capability(source, TelemetryQuantity.PowerInstant).ReasonCode);
        Assert.Equal("nvml.implausibleZero", Capability(source, TelemetryQuantity.CoreClock).ReasonCode);
    }

    [StandInFact]
    public void A_zero_during_a_run_is_missing_once()
    {
        using ITelemetrySource source = _standIn.Open();
        _standIn.Answer("nvmlDeviceGetClockInfo 2", 0);

        TelemetrySample sample = source.Read();

        Assert.Null(sample.MemoryClockHz);
        Assert.Equal("nvml.implausibleZero", sample.FailureCode);
        _standIn.Answer("nvmlDeviceGetClockInfo 2", 2000);
        Assert.Equal((2e9, null), (source.Read().MemoryClockHz, source.Read().FailureCode));
    }

    [StandInFact]
    public void A_counter_that_shows_nothing_yet_is_read_on()
    {
        _standIn.Answer($"{Fields} 83/0", 0);
        using ITelemetrySource source = _standIn.Open();

        TelemetrySample sample = source.Read();

        Assert.Equal((null, "nvml.implausibleZero"), (sample.EnergyJoules, sample.FailureCode));
        _standIn.Answer($"{Fields} 83/0", 50);
        Assert.Equal((0.05, null), (source.Read().EnergyJoules, source.Read().FailureCode));
    }

    [StandInFact]
    public void A_counter_of_32_bits_is_unwrapped()
    {
        _standIn.Answer($"{Fields} 83/0 type", 1);
        _standIn.Answer($"{Fields} 83/0", 0xFFFFFF00);
        using ITelemetrySource source = _standIn.Open();

        double? before = source.Read().EnergyJoules;
        _standIn.Answer($"{Fields} 83/0", 0x100);
        TelemetrySample after = source.Read();

        Assert.Equal(4294967.040, before);
        Assert.Equal(4294967.552, after.EnergyJoules);
        Assert.Null(after.FailureCode);
    }

    [StandInTheory]
    [InlineData(3)]
    [InlineData(1)]
    public void A_counter_that_was_reset_is_missing_once_and_counts_anew(ulong type)
    {
        _standIn.Answer($"{Fields} 83/0 type", type);
        using ITelemetrySource source = _standIn.Open();
        source.Read();
        _standIn.Answer($"{Fields} 83/0", 1000);

        TelemetrySample reset = source.Read();

        Assert.Equal((null, "nvml.counterWentBack"), (reset.EnergyJoules, reset.FailureCode));
        Assert.Equal((1, null), (source.Read().EnergyJoules, source.Read().FailureCode));
    }

    [StandInTheory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void A_value_is_read_as_the_type_that_it_says(ulong type)
    {
        _standIn.Answer($"{Fields} 186/0 type", type);
        _standIn.Answer($"{Fields} 83/0 type", type);
        using ITelemetrySource source = _standIn.Open();

        Assert.Equal((420, 5000), (source.Read().PowerInstantWatts, source.Read().EnergyJoules));
    }

    [StandInFact]
    public void A_value_of_an_unknown_type_is_not_told()
    {
        _standIn.Answer($"{Fields} 82/0 type", 77);
        using ITelemetrySource source = _standIn.Open();

        Assert.Null(source.Read().MemoryTemperatureCelsius);
        Assert.Equal("nvml.valueNotAvailable", Capability(source, TelemetryQuantity.MemoryTemperature).ReasonCode);
    }

    [StandInFact]
    public void A_lost_GPU_is_said_in_every_sample_and_may_come_back()
    {
        using ITelemetrySource source = _standIn.Open();
        _standIn.FailEverything(NvmlReturn.GpuIsLost);

        TelemetrySample lost = source.Read();

        Assert.Equal(new TelemetrySample { Seconds = lost.Seconds, FailureCode = "nvml.gpuIsLost" }, lost);
        Reading<bool> ecc = source.ReadState().MemoryErrors.IsEccEnabled;
        Assert.Equal("nvml.gpuIsLost", ecc.ReasonCode);
        Assert.Contains("does not answer any more", ecc.Detail, StringComparison.Ordinal);
        _standIn.FailEverything(NvmlReturn.Success);
        Assert.Equal((420, null), (source.Read().PowerInstantWatts, source.Read().FailureCode));
    }

    [StandInFact]
    public void A_lost_GPU_outweighs_what_else_failed_before_it()
    {
        using ITelemetrySource source = _standIn.Open();
        _standIn.Fail($"{Fields} 83/0", NvmlReturn.Timeout);
        _standIn.Fail("nvmlDeviceGetTemperature", NvmlReturn.GpuIsLost);

        Assert.Equal("nvml.gpuIsLost", source.Read().FailureCode);
    }

    [StandInFact]
    public void A_closed_source_tells_that_it_is_closed()
    {
        ITelemetrySource source = _standIn.Open();
        source.Dispose();
        source.Dispose();

        Assert.Equal("nvml.uninitialized", source.Read().FailureCode);
        Assert.Equal(0, _standIn.References);
    }

    private static TelemetryCapability Capability(ITelemetrySource source, TelemetryQuantity quantity) =>
        source.Capabilities.Single(capability => capability.Quantity == quantity);
}
