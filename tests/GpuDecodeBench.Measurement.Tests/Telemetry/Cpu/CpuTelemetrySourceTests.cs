using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Measurement.Telemetry.Cpu;
using GpuDecodeBench.Measurement.Tests.Environment;

namespace GpuDecodeBench.Measurement.Tests.Telemetry.Cpu;

/// <summary>What is told of the CPUs beside their energy.</summary>
public sealed class CpuTelemetrySourceTests : IDisposable
{
    private const string Processors = "/sys/devices/system/cpu";
    private readonly FixtureTree _tree = new();

    public void Dispose() => _tree.Dispose();

    private CpuTelemetrySource Open() => CpuTelemetrySource.Open(_tree.Root);

    private static TelemetryCapability Of(CpuTelemetrySource source, TelemetryQuantity quantity) =>
        source.Capabilities.Single(capability => capability.Quantity == quantity);

    [Fact]
    public void Every_quantity_is_answered_for_with_a_reason_where_nothing_is_there()
    {
        using CpuTelemetrySource source = Open();

        Assert.Equal(Enum.GetValues<TelemetryQuantity>(), source.Capabilities.Select(one => one.Quantity));
        Assert.All(source.Capabilities, one => Assert.False(string.IsNullOrEmpty(one.ReasonCode)));
        Assert.All(source.Capabilities, one => Assert.False(string.IsNullOrEmpty(one.Detail)));
        TelemetrySample sample = source.Read();
        Assert.Equal(new TelemetrySample { Seconds = sample.Seconds }, sample);
    }

    [Fact]
    public void Power_is_left_to_the_counter()
    {
        _tree.TwoSockets();
        using CpuTelemetrySource source = Open();

        Assert.True(Of(source, TelemetryQuantity.EnergyCounter).IsAvailable);
        Assert.Equal("rapl.counterOnly", Of(source, TelemetryQuantity.PowerInstant).ReasonCode);
        _tree.Energy("intel-rapl:0", "3500000");
        TelemetrySample sample = source.Read();
        Assert.Equal(2.5, sample.EnergyJoules!.Value, 1e-9);
        Assert.Null(sample.PowerInstantWatts);
        Assert.InRange(sample.Seconds, 0, TelemetryClock.NowSeconds);
    }

    [Fact]
    public void The_clock_is_the_mean_of_the_processors_that_may_be_used()
    {
        _tree.File("/proc/self/status", "Cpus_allowed_list:\t1-2");
        for (int processor = 0; processor < 4; processor++)
        {
            _tree
                .File($"{Processors}/cpu{processor}/cpufreq/scaling_cur_freq", $"{1000000 * (processor + 1)}")
                .File($"{Processors}/cpu{processor}/cpufreq/cpuinfo_max_freq", $"{1000000 * (processor + 2)}")
                .File($"{Processors}/cpu{processor}/cpufreq/base_frequency", "2000000");
        }

        using CpuTelemetrySource source = Open();
        Assert.Equal(2.5e9, source.Read().CoreClockHz);
        _tree.File($"{Processors}/cpu2/cpufreq/scaling_cur_freq", "garbage");
        Assert.Equal(2e9, source.Read().CoreClockHz);
        ClockState clocks = source.ReadState().Clocks;
        Assert.Equal((4e9, 2e9), (clocks.CoreMaximumHz.Value, clocks.CoreDefaultHz.Value));
    }

    [Fact]
    public void Many_processors_are_asked_at_sixteen_places_spread_evenly()
    {
        _tree.File("/proc/self/status", "Cpus_allowed_list:\t0-63");
        for (int processor = 0; processor < 64; processor++)
        {
            _tree.File(
                $"{Processors}/cpu{processor}/cpufreq/scaling_cur_freq",
                processor % 4 == 0 ? "3000000" : "1000000"
            );
        }

        using CpuTelemetrySource source = Open();
        Assert.Equal(3e9, source.Read().CoreClockHz);
        Assert.Contains("16 of 64", Of(source, TelemetryQuantity.CoreClock).Detail, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_cpufreq_the_clock_is_that_of_cpuinfo()
    {
        _tree.File(
            "/proc/cpuinfo",
            "processor\t: 0\ncpu MHz\t\t: 2096.008\nprocessor\t: 1\ncpu MHz\t\t: 2098.008\nbogus: 1"
        );
        using CpuTelemetrySource source = Open();
        Assert.Equal(2097.008e6, source.Read().CoreClockHz!.Value, 1);
        Assert.Contains("nominal", Of(source, TelemetryQuantity.CoreClock).Detail, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("cpu MHz\t\t: \n")]
    [InlineData("cpu MHz\t\t: fast\n")]
    [InlineData("cpu MHz\n")]
    [InlineData("cpu MHz\t\t: 2096")]
    public void A_cpuinfo_that_says_no_clock_gives_none(string text)
    {
        _tree.File("/proc/cpuinfo", text[..^1] + (text.EndsWith('\n') ? string.Empty : "x"));
        using CpuTelemetrySource source = Open();
        Assert.Null(source.Read().CoreClockHz);
        Assert.Equal("cpu.noClock", Of(source, TelemetryQuantity.CoreClock).ReasonCode);
    }

    [Fact]
    public void The_hotter_of_two_Intel_packages_counts_and_no_core()
    {
        foreach ((int socket, string degrees) in new[] { (0, "61000"), (1, "64500") })
        {
            _tree
                .File($"/sys/class/hwmon/hwmon{socket}/name", "coretemp")
                .File($"/sys/class/hwmon/hwmon{socket}/temp1_label", $"Package id {socket}")
                .File($"/sys/class/hwmon/hwmon{socket}/temp1_input", degrees)
                .File($"/sys/class/hwmon/hwmon{socket}/temp1_crit", "100000")
                .File($"/sys/class/hwmon/hwmon{socket}/temp2_label", "Core 0")
                .File($"/sys/class/hwmon/hwmon{socket}/temp2_input", "99000");
        }

        _tree.File("/sys/class/hwmon/hwmon2/name", "nvme").File("/sys/class/hwmon/hwmon2/temp1_input", "99000");
        using CpuTelemetrySource source = Open();
        Assert.Equal(64.5, source.Read().TemperatureCelsius);
        Assert.Equal(100, source.ReadState().Thermal.SlowdownCelsius.Value);
    }

    [Theory]
    [InlineData("k10temp", "Tctl", "Tdie", 45.25)]
    [InlineData("zenpower", "Tdie", "Tctl", 72)]
    [InlineData("k10temp", "Tctl", "Tccd1", 72)]
    public void Of_AMDs_sensors_the_die_counts_before_the_control_figure(
        string driver,
        string first,
        string second,
        double degrees
    )
    {
        const string Monitor = "/sys/class/hwmon/hwmon3";
        _tree
            .File($"{Monitor}/name", driver)
            .File($"{Monitor}/temp1_label", first)
            .File($"{Monitor}/temp1_input", "72000")
            .File($"{Monitor}/temp2_label", second)
            .File($"{Monitor}/temp2_input", "45250");
        using CpuTelemetrySource source = Open();
        Assert.Equal(degrees, source.Read().TemperatureCelsius);
    }

    [Fact]
    public void Without_monitors_the_packages_thermal_zone_serves()
    {
        _tree
            .File("/sys/class/thermal/thermal_zone0/type", "acpitz")
            .File("/sys/class/thermal/thermal_zone0/temp", "20000")
            .File("/sys/class/thermal/thermal_zone1/type", "x86_pkg_temp")
            .File("/sys/class/thermal/thermal_zone1/temp", "55000");
        using CpuTelemetrySource source = Open();
        Assert.Equal(55, source.Read().TemperatureCelsius);
        Assert.False(source.ReadState().Thermal.SlowdownCelsius.HasValue);
    }

    [Fact]
    public void A_throttle_count_that_rises_is_a_reason_in_the_next_sample_alone()
    {
        _tree.File("/proc/self/status", "Cpus_allowed_list:\t0-1");
        for (int processor = 0; processor < 2; processor++)
        {
            string path = $"{Processors}/cpu{processor}";
            _tree
                .File($"{path}/topology/physical_package_id", "0")
                .File($"{path}/topology/core_id", $"{processor}")
                .File($"{path}/thermal_throttle/package_throttle_count", "7")
                .File($"{path}/thermal_throttle/core_throttle_count", "3");
        }

        using CpuTelemetrySource source = Open();
        Assert.Contains("3 counter(s)", Of(source, TelemetryQuantity.ThrottleReasons).Detail, StringComparison.Ordinal);
        Assert.Equal(ThrottleReasons.None, source.Read().ThrottleReasons);
        _tree.File($"{Processors}/cpu1/thermal_throttle/core_throttle_count", "4");
        Assert.Equal(ThrottleReasons.HardwareThermal, source.Read().ThrottleReasons);
        Assert.Equal(ThrottleReasons.None, source.Read().ThrottleReasons);
    }

    [Fact]
    public void Of_many_throttle_counts_each_is_looked_at_within_a_few_samples()
    {
        _tree.File("/proc/self/status", "Cpus_allowed_list:\t0-99");
        for (int processor = 0; processor < 100; processor++)
        {
            _tree
                .File($"{Processors}/cpu{processor}/topology/core_id", $"{processor}")
                .File($"{Processors}/cpu{processor}/thermal_throttle/core_throttle_count", "0");
        }

        using CpuTelemetrySource source = Open();
        _tree.File($"{Processors}/cpu97/thermal_throttle/core_throttle_count", "1");
        ThrottleReasons?[] seen = [.. Enumerable.Range(0, 8).Select(_ => source.Read().ThrottleReasons)];
        Assert.Single(seen, reasons => reasons == ThrottleReasons.HardwareThermal);
    }

    [Fact]
    public void Work_and_stolen_time_are_shares_of_the_time_between_two_samples()
    {
        _tree.File("/proc/stat", "cpu  100 0 100 800 0 0 0 0 50 0\ncpu0 1 2 3");
        using CpuTelemetrySource source = Open();
        TelemetrySample none = source.Read();
        Assert.Equal((null, null), (none.CoreUtilization, none.StolenTime));

        // 60 user + 10 nice + 10 system + 5 + 5 of interrupts; 70 idle, 20 waiting for a disk; 20 stolen; the guest's are the user's.
        _tree.File("/proc/stat", "cpu  160 10 110 870 20 5 5 20 90 0\ncpu0 1 2 3");
        TelemetrySample sample = source.Read();
        Assert.Equal(0.45, sample.CoreUtilization!.Value, 1e-12);
        Assert.Equal(0.1, sample.StolenTime!.Value, 1e-12);
        CpuTimeState time = source.ReadState().CpuTime!;
        Assert.Equal((12, 0.2), (time.TotalSeconds.Value, time.StolenSeconds.Value));
    }

    [Theory]
    [InlineData("cpu  1 2 3")]
    [InlineData("cpu  1 2 x 4 5 6 7 8")]
    [InlineData("intr 5")]
    [InlineData("")]
    public void A_stat_file_that_is_not_one_gives_no_shares(string text)
    {
        _tree.File("/proc/stat", text);
        using CpuTelemetrySource source = Open();
        Assert.Equal("cpu.noStat", Of(source, TelemetryQuantity.CoreUtilization).ReasonCode);
        Assert.Null(source.Read().CoreUtilization);
        Assert.Equal("cpu.notTold", source.ReadState().CpuTime!.StolenSeconds.ReasonCode);
    }

    [Theory]
    [InlineData("0::/bench", "/sys/fs/cgroup/bench/cpu.stat", "nr_periods 9\nnr_throttled 5\nthrottled_usec 2500000")]
    [InlineData(
        "3:cpu:/host/path",
        "/sys/fs/cgroup/cpu/cpu.stat",
        "nr_periods 9\nnr_throttled 5\nthrottled_time 2500000000"
    )]
    public void A_container_that_was_stopped_at_its_limit_says_how_long(string group, string path, string text)
    {
        _tree.File("/proc/self/cgroup", group).File(path, text);
        using CpuTelemetrySource source = Open();
        CpuTimeState time = source.ReadState().CpuTime!;
        Assert.Equal((5, 2.5), (time.ThrottledPeriods.Value, time.ThrottledSeconds.Value));
    }

    [Fact]
    public void The_packages_power_limits_are_summed()
    {
        _tree.TwoSockets();
        foreach (string zone in new[] { "intel-rapl:0", "intel-rapl:1" })
        {
            _tree
                .File($"{CpuTree.Powercap}/{zone}/constraint_0_power_limit_uw", "300000000")
                .File($"{CpuTree.Powercap}/{zone}/constraint_0_max_power_uw", "350000000");
        }

        using CpuTelemetrySource source = Open();
        PowerLimitState limits = source.ReadState().PowerLimits;
        Assert.Equal((600, 700), (limits.EnforcedWatts.Value, limits.DefaultWatts.Value));
    }

    [Fact]
    public void Reading_allocates_nothing()
    {
        _tree.TwoSockets().File("/proc/stat", "cpu  100 0 100 800 0 0 0 0 50 0");
        using CpuTelemetrySource source = Open();
        source.Read();
        long before = GC.GetAllocatedBytesForCurrentThread();
        source.Read();
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }
}
