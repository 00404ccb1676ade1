using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Diagnostics;
using GpuDecodeBench.Measurement.Doctor;
using GpuDecodeBench.Measurement.Telemetry;

namespace GpuDecodeBench.Measurement.Tests.Doctor;

/// <summary>What is measured, in which order and within which time; no test here waits.</summary>
public sealed class DoctorExaminationTests
{
    [Fact]
    public void AHealthyDeviceIsToldSoInOneLine()
    {
        var device = new ScriptedGpu();
        DoctorReport report = Examine(device, new ScriptedTelemetry());
        Assert.Equal(["memory", "short", "ceilings", "sweep", "copies", "load Memory", "load Compute"], device.Log);
        Assert.DoesNotContain(report.Results, result => result.Verdict == Verdict.Fail);
        Assert.StartsWith("PASS", report.Words, StringComparison.Ordinal);
        Assert.NotNull(report.Facts.StateUnderLoad);
        Assert.All(report.Facts.Load!, phase => Assert.NotEmpty(phase.Samples));
    }

    [Fact]
    public void OnlyWhatTheChosenChecksNeedIsMeasured()
    {
        var device = new ScriptedGpu();
        DoctorReport report = Examine(device, null, checks: Named("memory-pattern", "power-limit"));
        Assert.Equal(["memory"], device.Log);
        Assert.Equal(["memory-pattern", "power-limit"], report.Results.Select(result => result.Id));
    }

    [Fact]
    public void ADeviceThatFailsHalfwayKeepsWhatWasFoundBefore()
    {
        var device = new ScriptedGpu { FailsAt = "sweep" };
        DoctorReport report = Examine(device, null);
        Assert.Equal(Verdict.Fail, report.Worst);
        Assert.Equal(Verdict.Pass, Of(report, "memory-pattern").Verdict);
        CheckResult cache = Of(report, "cache-size");
        Assert.Equal(Verdict.Fail, cache.Verdict);
        Assert.Contains("an illegal address", cache.Measured, StringComparison.Ordinal);
        Assert.StartsWith("FAIL", report.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void AnInterruptionSkipsTheRestAndSaysSo()
    {
        using var source = new CancellationTokenSource();
        var device = new ScriptedGpu { Before = what => CancelAt(what, "ceilings", source) };
        DoctorReport report = Examine(device, null, cancellation: source.Token);
        Assert.True(report.WasInterrupted);
        Assert.Equal(["memory", "short", "ceilings"], device.Log);
        Assert.Equal("interrupted", Of(report, "bandwidth-read").ReasonCode);
        Assert.Equal("interrupted", Of(report, "cache-size").ReasonCode);
        Assert.Equal(Verdict.Pass, Of(report, "memory-pattern").Verdict);
        Assert.Contains("(interrupted)", report.Words, StringComparison.Ordinal);
    }

    [Fact]
    public void WhatHasNotBegunWhenTheTimeIsOverIsSkipped()
    {
        var clock = new ScriptedClock();
        var device = new ScriptedGpu { Before = what => clock.Now += what == "ceilings" ? 1000 : 1 };
        DoctorReport report = Examine(device, null, clock);
        Assert.Equal(["memory", "short", "ceilings"], device.Log);
        Assert.Equal("outOfTime", Of(report, "cache-size").ReasonCode);
        Assert.Equal(1002, report.Seconds, 1e-6);
    }

    [Fact]
    public void AWallClockThatIsSetMeanwhileIsSeen()
    {
        var clock = new ScriptedClock();
        var device = new ScriptedGpu
        {
            Before = what =>
            {
                clock.Now += 1;
                clock.WallOffset += what == "sweep" ? -3600 : 0;
            },
        };
        CheckResult result = Of(Examine(device, null, clock), "host-clock");
        Assert.Equal(Verdict.Fail, result.Verdict);
        Assert.Contains("-3600000 ms", result.Measured, StringComparison.Ordinal);
    }

    [Fact]
    public void AnEmulatedDeviceIsNotJudgedByItsTimes()
    {
        var device = new ScriptedGpu { IsEmulated = true };
        DoctorReport report = Examine(device, null);
        Assert.Equal(Verdict.Pass, Of(report, "memory-pattern").Verdict);
        Assert.All(
            (string[])["bandwidth-read", "cache-size", "compute-rate", "contention", "load-steady", "pcie-bandwidth"],
            id => Assert.Equal("emulated", Of(report, id).ReasonCode)
        );
    }

    [Fact]
    public void TheLimitsOfADoctorLeaveTimeForTheRest()
    {
        foreach (
            DoctorLimits limits in (DoctorLimits[])
                [DoctorLimits.ForGpu, DoctorLimits.ForCpu, DoctorLimits.ForGpu.Within(TimeSpan.FromSeconds(30))]
        )
        {
            TimeSpan sum =
                limits.Memory + limits.Ceilings + limits.Sweep + limits.Copies + limits.ShortKernels + limits.Load;
            Assert.InRange(sum / limits.Total, 0.5, 0.75);
        }

        Assert.True(DoctorLimits.ForGpu.Total < TimeSpan.FromSeconds(90));
        Assert.True(DoctorLimits.ForCpu.Total < TimeSpan.FromSeconds(30));
        Assert.Equal(TimeSpan.FromSeconds(20), DoctorLimits.ForGpu.Load);
        Assert.True(DoctorLimits.ForGpu.MemoryShare >= 0.95);
    }

    [Fact]
    public void NamesOfChecksAreUniqueAndFitForAnchors()
    {
        string[] ids = [.. DoctorChecks.All.Select(check => check.Id)];
        Assert.Equal(ids.Length, ids.Distinct().Count());
        Assert.All(ids, id => Assert.All(id, c => Assert.True(char.IsAsciiLetterLower(c) || c == '-', id)));
    }

    private static void CancelAt(string what, string when, CancellationTokenSource source)
    {
        if (what == when)
        {
            source.Cancel();
            source.Token.ThrowIfCancellationRequested();
        }
    }

    private static IReadOnlyList<IDoctorCheck> Named(params string[] ids) =>
        [.. DoctorChecks.All.Where(check => ids.Contains(check.Id))];

    private static CheckResult Of(DoctorReport report, string id) => report.Results.Single(result => result.Id == id);

    private static DoctorReport Examine(
        ScriptedGpu device,
        ITelemetrySource? telemetry,
        ScriptedClock? clock = null,
        IReadOnlyList<IDoctorCheck>? checks = null,
        CancellationToken cancellation = default
    ) =>
        new DoctorExamination(device, telemetry, DoctorLimits.ForGpu, new SilentObserver())
        {
            Clock = clock ?? new ScriptedClock { Now = 5 },
            Host = new NoHost(),
        }.Run(checks ?? DoctorChecks.All, cancellation);

    private sealed class SilentObserver : IDoctorObserver
    {
        public void OnProgress(string stage, double? fraction) { }
    }

    private sealed class NoHost : IHostReader
    {
        public HostCounters ReadCounters() => new() { Seconds = 0 };

        public HostObservation Read() =>
            new()
            {
                Before = ReadCounters(),
                LogicalProcessors = 1,
                UsableProcessors = 1,
            };
    }

    private sealed class ScriptedClock : IDoctorClock
    {
        public double Now { get; set; }

        public double WallOffset { get; set; } = 1e9;

        public double MonotonicSeconds => Now;

        public double WallSeconds => Now + WallOffset;
    }

    private sealed class ScriptedTelemetry : ITelemetrySource
    {
        public string Name => "scripted";

        public string Description => "scripted";

        public IReadOnlyList<TelemetryCapability> Capabilities => [];

        public double UpdatePeriodSeconds => 0.1;

        public TelemetrySample Read() => SyntheticFacts.HealthySample;

        public DeviceState ReadState() => SyntheticFacts.HealthyState;

        public void Dispose() { }
    }
}
