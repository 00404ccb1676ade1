using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Measurement.Telemetry.Nvml;
using GpuDecodeBench.Measurement.Telemetry.Nvml.Native;
using GpuDecodeBench.Measurement.Tests.Telemetry.Nvml.StandIn;
using GpuDecodeBench.Tests.Shared;

namespace GpuDecodeBench.Measurement.Tests.Telemetry.Nvml;

/// <summary>The power sensor's own buffer, on the steps' clock.</summary>
public sealed class NvmlPowerBufferTests : IClassFixture<NvmlStandIn>
{
    private const int TimeOfDay = 0;
    private const int SinceStart = 7;
    private readonly NvmlStandIn _standIn;

    public NvmlPowerBufferTests(NvmlStandIn standIn)
    {
        _standIn = standIn;
        if (StandInCompiler.WhyUnavailable is null)
        {
            _standIn.Reset();
        }
    }

    [StandInTheory]
    [InlineData(TimeOfDay)]
    [InlineData(SinceStart)]
    public void Samples_come_once_oldest_first_on_the_steps_clock(int clock)
    {
        using ITelemetrySource source = _standIn.Open();
        double before = TelemetryClock.NowSeconds;
        ulong now = _standIn.Microseconds(clock);
        double after = TelemetryClock.NowSeconds;
        _standIn.Sample(now - 200_000, 300_000);
        _standIn.Sample(now - 100_000, 0);
        _standIn.Sample(now, 400_500);
        var samples = new List<PowerSample>();

        source.ReadBufferedPower(samples);
        source.ReadBufferedPower(samples);
        _standIn.Sample(now + 1, 500_000);
        source.ReadBufferedPower(samples);

        Assert.Equal([300, 400.5, 500], samples.Select(sample => sample.Watts));
        Assert.InRange(samples[1].Seconds, before - 0.01, after + 0.01);
        Assert.Equal(0.2, samples[1].Seconds - samples[0].Seconds, 3);
    }

    [StandInFact]
    public void Samples_of_an_unknown_clock_are_not_told()
    {
        using ITelemetrySource source = _standIn.Open();
        _standIn.Sample(1_000_000_000_000_000_000, 300_000);
        var samples = new List<PowerSample>();

        source.ReadBufferedPower(samples);

        Assert.Empty(samples);
    }

    [StandInTheory]
    [InlineData((int)NvmlReturn.NotSupported)]
    [InlineData((int)NvmlReturn.GpuIsLost)]
    public void A_buffer_that_is_refused_adds_nothing(int code)
    {
        using ITelemetrySource source = _standIn.Open();
        _standIn.Sample(_standIn.Microseconds(TimeOfDay), 300_000);
        _standIn.Fail("nvmlDeviceGetSamples", (NvmlReturn)code);
        var samples = new List<PowerSample>();

        source.ReadBufferedPower(samples);

        Assert.Empty(samples);
    }

    [StandInFact]
    public void The_modules_buffer_goes_with_the_modules_power()
    {
        foreach (string field in (string[])["186/0", "185/0"])
        {
            _standIn.Fail($"nvmlDeviceGetFieldValues {field}", NvmlReturn.NotSupported);
        }

        _standIn.Fail("nvmlDeviceGetPowerUsage", NvmlReturn.NotSupported);
        _standIn.Fail("nvmlDeviceGetSamples 0", NvmlReturn.NotSupported);
        _standIn.Sample(_standIn.Microseconds(TimeOfDay), 300_000);
        using ITelemetrySource source = _standIn.Open();
        var samples = new List<PowerSample>();

        source.ReadBufferedPower(samples);

        Assert.Single(samples);
    }

    [StandInFact]
    public void The_clocks_of_the_host_are_those_of_the_C_library()
    {
        double dayBefore = _standIn.Microseconds(TimeOfDay) / 1e6;
        double bootBefore = _standIn.Microseconds(SinceStart) / 1e6;
        var now = HostClocks.Now();

        Assert.InRange(now.WallSeconds, dayBefore, (_standIn.Microseconds(TimeOfDay) / 1e6) + 1e-6);
        Assert.InRange(now.BootSeconds!.Value, bootBefore, (_standIn.Microseconds(SinceStart) / 1e6) + 1e-6);
    }

    [Fact]
    public void The_clock_is_the_one_on_which_the_newest_sample_is_youngest()
    {
        // A machine that slept for an hour: the time since it was started is ahead of the steps' clock.
        var now = new HostClocks(Seconds: 1000, WallSeconds: 1.8e9, BootSeconds: 4600);

        Assert.Equal(1000 - 1.8e9, new SampleClock().OffsetSeconds(1.8e9 - 0.1, now));
        Assert.Equal(1000 - 4600, new SampleClock().OffsetSeconds(4599.9, now));
        Assert.Equal(0, new SampleClock().OffsetSeconds(999.9, now));
        Assert.Null(new SampleClock().OffsetSeconds(2000, now));
    }

    [Fact]
    public void Samples_around_a_change_of_the_time_of_day_are_left_out()
    {
        var clock = new SampleClock();
        clock.OffsetSeconds(1.8e9, new HostClocks(1000, 1.8e9, null));

        Assert.Null(clock.OffsetSeconds(1.8e9 + 31, new HostClocks(1001, 1.8e9 + 31, null)));
        Assert.Equal(1002 - (1.8e9 + 32), clock.OffsetSeconds(1.8e9 + 32, new HostClocks(1002, 1.8e9 + 32, null)));
    }

    [Fact]
    public void A_clock_that_is_corrected_smoothly_is_not_a_change()
    {
        var clock = new SampleClock();
        clock.OffsetSeconds(1.8e9, new HostClocks(1000, 1.8e9, null));

        Assert.NotNull(clock.OffsetSeconds(1.8e9 + 100, new HostClocks(1100, 1.8e9 + 100.05, null)));
    }
}
