using GpuDecodeBench.Measurement.Environment;
using GpuDecodeBench.Measurement.Telemetry.Cpu;
using GpuDecodeBench.Measurement.Tests.Environment;

namespace GpuDecodeBench.Measurement.Tests.Telemetry.Cpu;

/// <summary>Energy of the CPUs: what is summed, and what happens when a counter wraps, refuses or lies.</summary>
public sealed class RaplCountersTests : IDisposable
{
    private readonly FixtureTree _tree = new();
    private readonly double _start = GpuDecodeBench.Measurement.Telemetry.TelemetryClock.NowSeconds;

    private RaplCounters Open() => RaplCounters.Open(new SystemFiles(_tree.Root));

    public void Dispose() => _tree.Dispose();

    [Fact]
    public void Packages_and_memory_of_all_sockets_are_summed_and_nothing_twice()
    {
        _tree.TwoSockets();
        using RaplCounters counters = Open();

        foreach (string zone in Directory.GetDirectories(_tree.Root + CpuTree.Powercap).Select(Path.GetFileName)!)
        {
            _tree.Energy(zone!, "7000000");
        }

        // 6 + 6.9 J of the first socket and its memory, 5 + 6.8 J of the second's; core, uncore, psys and mmio add nothing.
        Assert.Equal(24.7, counters.Read(_start + 1, out string? failure)!.Value, 1e-9);
        Assert.Null(failure);
        Assert.Equal("2 package(s) and their memory", counters.Scope.Value);
    }

    [Fact]
    public void An_AMD_machine_has_packages_and_cores_alone()
    {
        _tree.Zone("intel-rapl:0", "package-0", 10).Zone("intel-rapl:0:0", "core", 5);
        using RaplCounters counters = Open();
        _tree.Energy("intel-rapl:0", "5000010").Energy("intel-rapl:0:0", "4000005");

        Assert.Equal(5, counters.Read(_start + 1, out _)!.Value, 1e-9);
        Assert.Equal("1 package(s); memory is not counted", counters.Scope.Value);
    }

    [Fact]
    public void A_package_that_only_the_second_way_shows_is_counted()
    {
        _tree.Zone("intel-rapl-mmio:0", "package-0", 0);
        using RaplCounters counters = Open();
        _tree.Energy("intel-rapl-mmio:0", "3000000");

        Assert.Equal(3, counters.Read(_start + 1, out _)!.Value, 1e-9);
    }

    [Fact]
    public void A_counter_that_wraps_goes_on_rising()
    {
        _tree.Zone("intel-rapl:0", "package-0", CpuTree.RangeMicrojoules - 1_000_000);
        using RaplCounters counters = Open();
        _tree.Energy("intel-rapl:0", "2000000");
        Assert.Equal(3, counters.Read(_start + 1, out _)!.Value, 1e-9);
        _tree.Energy("intel-rapl:0", "6000000");
        Assert.Equal(7, counters.Read(_start + 2, out _)!.Value, 1e-9);
    }

    [Fact]
    public void A_gap_in_which_the_counter_may_have_gone_round_is_said_and_not_guessed()
    {
        _tree.Zone("intel-rapl:0", "package-0", 0);
        using RaplCounters counters = Open();
        Assert.Equal(262.14, counters.LongestGapSeconds, 0.01);
        double before = _start + 1;
        counters.Read(before, out _);

        _tree.Energy("intel-rapl:0", "5000000");
        Assert.Null(counters.Read(before + counters.LongestGapSeconds + 0.1, out string? failure));
        Assert.Equal("rapl.wrapAmbiguous", failure);

        // From there on it is counted anew.
        _tree.Energy("intel-rapl:0", "6000000");
        Assert.Equal(1, counters.Read(before + counters.LongestGapSeconds + 1, out failure)!.Value, 1e-9);
        Assert.Null(failure);
    }

    [Theory]
    [InlineData("")]
    [InlineData("n/a")]
    [InlineData("-5")]
    [InlineData("12x")]
    [InlineData("262143328851")]
    [InlineData("99999999999999999999999")]
    public void Garbage_is_a_failure_once_and_no_energy_is_lost_over_it(string text)
    {
        _tree.Zone("intel-rapl:0", "package-0", 1_000_000);
        using RaplCounters counters = Open();

        _tree.Energy("intel-rapl:0", text);
        Assert.Null(counters.Read(_start + 1, out string? failure));
        Assert.Equal("rapl.unreadable", failure);

        _tree.Energy("intel-rapl:0", "5000000");
        Assert.Equal(4, counters.Read(_start + 2, out failure)!.Value, 1e-9);
        Assert.Null(failure);
    }

    [Fact]
    public void A_counter_of_unknown_range_that_goes_back_is_a_failure()
    {
        _tree
            .Zone("intel-rapl:0", "package-0", 1_000_000)
            .File($"{CpuTree.Powercap}/intel-rapl:0/max_energy_range_uj", "?");
        using RaplCounters counters = Open();
        _tree.Energy("intel-rapl:0", "500000");

        Assert.Null(counters.Read(_start + 1, out string? failure));
        Assert.Equal("rapl.rangeUnknown", failure);
    }

    [Fact]
    public void Without_powercap_the_reason_is_that_there_is_none()
    {
        using RaplCounters counters = Open();

        Assert.Equal("rapl.notPresent", counters.Scope.ReasonCode);
        Assert.Contains("virtual machines", counters.Scope.Detail, StringComparison.Ordinal);
        Assert.Null(counters.Read(_start + 1, out string? failure));
        Assert.Null(failure);
    }

    [Fact]
    public void One_forbidden_socket_forbids_the_sum_and_says_how_to_allow_it()
    {
        _tree.TwoSockets().Forbidden($"{CpuTree.Powercap}/intel-rapl:1/energy_uj");
        using RaplCounters counters = Open();

        Assert.Equal("rapl.permissionDenied", counters.Scope.ReasonCode);
        Assert.Contains("/sys/class/powercap/intel-rapl:1/energy_uj", counters.Scope.Detail, StringComparison.Ordinal);
        Assert.Contains("chmod a+r", counters.Scope.Detail, StringComparison.Ordinal);
        Assert.Contains("CVE-2020-8694", counters.Scope.Detail, StringComparison.Ordinal);
        Assert.Null(counters.Read(_start + 1, out _));
    }

    [Fact]
    public void Garbage_from_the_beginning_is_no_source()
    {
        _tree.Zone("intel-rapl:0", "package-0", 0).Energy("intel-rapl:0", "joules");
        using RaplCounters counters = Open();

        Assert.Equal("rapl.unreadable", counters.Scope.ReasonCode);
    }
}
