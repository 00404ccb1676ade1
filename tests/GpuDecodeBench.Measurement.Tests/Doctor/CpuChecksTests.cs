using GpuDecodeBench.Backends;
using GpuDecodeBench.Measurement.Doctor;
using GpuDecodeBench.Measurement.Environment;
using GpuDecodeBench.Measurement.Tests.Environment;

namespace GpuDecodeBench.Measurement.Tests.Doctor;

/// <summary>The verdicts' edges on a CPU of which all is known.</summary>
public sealed class CpuChecksTests
{
    private static readonly DoctorFacts s_healthy = SyntheticFacts.HealthyCpu;

    [Theory]
    [InlineData("memory-pattern")]
    [InlineData("cpu-bandwidth")]
    [InlineData("cache-size")]
    [InlineData("contention")]
    [InlineData("cpu-quota")]
    [InlineData("cpu-steal")]
    [InlineData("cpu-others")]
    [InlineData("cpu-hugepages")]
    [InlineData("load-steady")]
    [InlineData("host-clock")]
    public void AHealthyCpuPasses(string id)
    {
        CheckResult result = Judge(id, s_healthy);
        Assert.True(result.Verdict == Verdict.Pass, $"{id}: {result}");
    }

    [Theory]
    [InlineData("cpu-frequency")]
    [InlineData("throttling")]
    [InlineData("temperature")]
    public void WhatNeedsSensorsIsSkippedWithoutThem(string id) =>
        Assert.Equal("noTelemetry", Judge(id, s_healthy).ReasonCode);

    [Theory]
    [InlineData(null, 0, Verdict.Pass)]
    [InlineData(4.0, 0, Verdict.Pass)]
    [InlineData(1.5, 0, Verdict.Warn)]
    [InlineData(1.5, 2, Verdict.Warn)]
    [InlineData(1.5, 50, Verdict.Fail)]
    [InlineData(4.0, 50, Verdict.Fail)]
    public void AContainersQuotaIsSeenInItsLimitAndInItsStandstills(double? limit, long throttled, Verdict expected)
    {
        HostObservation host = s_healthy.Host! with
        {
            CpuLimit = limit,
            Before = s_healthy.Host.Before with { QuotaPeriods = 1000, ThrottledPeriods = 900 },
            After = s_healthy.Host.After! with { QuotaPeriods = 1100, ThrottledPeriods = 900 + throttled },
        };
        Assert.Equal(expected, Judge("cpu-quota", s_healthy with { Host = host }).Verdict);
    }

    [Fact]
    public void ASystemThatTellsNothingPassesNothing()
    {
        DoctorFacts silent = s_healthy with
        {
            Host = new HostObservation
            {
                Before = new HostCounters { Seconds = 0 },
                After = new HostCounters { Seconds = 10 },
                LogicalProcessors = 4,
                UsableProcessors = 4,
            },
        };
        Assert.All(
            (string[])["cpu-quota", "cpu-steal", "cpu-others", "cpu-hugepages"],
            id => Assert.Equal("notTold", Judge(id, silent).ReasonCode)
        );
    }

    [Theory]
    [InlineData(0.2, Verdict.Pass)]
    [InlineData(1, Verdict.Warn)]
    [InlineData(10, Verdict.Fail)]
    public void StolenTimeIsAShareOfWhatWorkWanted(double stolen, Verdict expected) =>
        Assert.Equal(
            expected,
            Judge(
                "cpu-steal",
                s_healthy with
                {
                    Host = s_healthy.Host! with { After = SyntheticFacts.Counters(10, 40, stolen, 40) },
                }
            ).Verdict
        );

    [Theory]
    [InlineData(44, Verdict.Pass)] // 4 of 160 processor seconds
    [InlineData(60, Verdict.Warn)]
    [InlineData(120, Verdict.Fail)]
    public void WhatOthersTookIsWhatWasBusyLessOnesOwn(double busy, Verdict expected) =>
        Assert.Equal(
            expected,
            Judge(
                "cpu-others",
                s_healthy with
                {
                    Host = s_healthy.Host! with { After = SyntheticFacts.Counters(10, busy, 0, 40) },
                }
            ).Verdict
        );

    [Theory]
    [InlineData(11e9, Verdict.Pass)]
    [InlineData(9e9, Verdict.Warn)]
    public void MemorySlowerThanASingleChannelIsToldOf(double rate, Verdict expected) =>
        Assert.Equal(
            expected,
            Judge(
                "cpu-bandwidth",
                s_healthy with
                {
                    Ceilings = new DeviceCeilings { ReadBytesPerSecond = rate },
                }
            ).Verdict
        );

    [Fact]
    public void TheHostsCountersAreThoseOfProcAndOfTheControlGroup()
    {
        using FixtureTree tree = new FixtureTree()
            .File("/proc/stat", "cpu  1000 100 500 9000 50 20 30 400 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0")
            .File("/proc/self/cgroup", "0::/user.slice/box")
            .File("/sys/fs/cgroup/user.slice/box/cpu.max", "150000 100000")
            .File(
                "/sys/fs/cgroup/user.slice/box/cpu.stat",
                "usage_usec 5\nnr_periods 70\nnr_throttled 7\nthrottled_usec 9"
            );
        HostObservation host = new HostReader(new SystemFiles(tree.Root), isLinux: true).Read();
        Assert.Equal(16.5, host.Before.BusySeconds!.Value, 1e-9);
        Assert.Equal(4, host.Before.StolenSeconds!.Value, 1e-9);
        Assert.Equal(70, host.Before.QuotaPeriods);
        Assert.Equal(7, host.Before.ThrottledPeriods);
        Assert.Equal(1.5, host.CpuLimit);
    }

    [Fact]
    public void CountersThatAreNoNumbersAreNotTold()
    {
        using FixtureTree tree = new FixtureTree().File("/proc/stat", "cpu  1000 x 500 9000 50 20 30 400");
        HostCounters counters = new HostReader(new SystemFiles(tree.Root), isLinux: true).ReadCounters();
        Assert.Null(counters.BusySeconds);
        Assert.Null(counters.StolenSeconds);
        Assert.Null(counters.QuotaPeriods);
    }

    private static CheckResult Judge(string id, DoctorFacts facts) =>
        DoctorChecks.All.Single(check => check.Id == id).Judge(facts);
}
