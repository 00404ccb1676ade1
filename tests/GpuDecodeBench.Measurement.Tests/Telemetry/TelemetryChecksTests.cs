using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Measurement.Telemetry.Energy;
using GpuDecodeBench.Measurement.Telemetry.Recording;
using GpuDecodeBench.Measurement.Telemetry.Validity;

namespace GpuDecodeBench.Measurement.Tests.Telemetry;

/// <summary>Each rule of trust, with a trace that breaks it and nothing else.</summary>
public class TelemetryChecksTests
{
    private static readonly DeviceState s_healthy = new()
    {
        Clocks = new ClockState { CoreDefaultHz = Reading.Of(1.5e9), CoreMaximumHz = Reading.Of(1.9e9) },
        PowerLimits = new PowerLimitState { DefaultWatts = Reading.Of(700.0), EnforcedWatts = Reading.Of(700.0) },
        Processes = Reading.Of<IReadOnlyList<ProcessState>>([new ProcessState(1, Reading.Of(1L))]),
    };

    [Fact]
    public void AHealthyPointHasNothingAgainstIt()
    {
        TelemetryVerdict verdict = TelemetryChecks.Of(Facts());
        Assert.Empty(verdict.InvalidReasons);
        Assert.Empty(verdict.Warnings);
        Assert.Empty(verdict.ThrottleReasons);
    }

    [Theory]
    [InlineData(ThrottleReasons.HardwareSlowdown, 50, true)]
    [InlineData(ThrottleReasons.SoftwareThermal, 50, true)]
    [InlineData(ThrottleReasons.HardwareThermal, 50, true)]
    [InlineData(ThrottleReasons.PowerBrake, 50, true)]
    [InlineData(ThrottleReasons.HardwareSlowdown, 1, false)]
    [InlineData(ThrottleReasons.SoftwarePowerCap, 50, false)]
    public void Throttling(ThrottleReasons reason, int percent, bool isInvalid)
    {
        TelemetryFacts facts = Facts(i => Sample(i) with { ThrottleReasons = i % 100 < percent ? reason : default });
        AssertCode(facts, TelemetryCodes.Throttled, isInvalid);
        Assert.Equal(
            [char.ToLowerInvariant(reason.ToString()[0]) + reason.ToString()[1..]],
            TelemetryChecks.Of(facts).ThrottleReasons
        );
    }

    [Fact]
    public void AnIdlingClockIsNoThrottling()
    {
        TelemetryVerdict verdict = TelemetryChecks.Of(
            Facts(i => Sample(i) with { ThrottleReasons = ThrottleReasons.Idle })
        );
        Assert.Empty(verdict.ThrottleReasons);
        Assert.DoesNotContain(TelemetryCodes.Throttled, verdict.Warnings);
    }

    [Fact]
    public void AClockBelowThreeQuartersOfTheDefaultIsInvalidAndOfTheMaximumAWarning()
    {
        TelemetryFacts slow = Facts(i => Sample(i) with { CoreClockHz = 1.1e9 });
        AssertCode(slow, TelemetryCodes.ClockLow, isInvalid: true);
        var noDefault = s_healthy with { Clocks = new ClockState { CoreMaximumHz = Reading.Of(1.9e9) } };
        AssertCode(slow with { State = noDefault }, TelemetryCodes.ClockLow, isInvalid: false);
        AssertNone(Facts(i => Sample(i) with { CoreClockHz = 1.2e9 }), TelemetryCodes.ClockLow);
    }

    [Fact]
    public void ALoweredPowerLimitIsAWarning()
    {
        var lowered = s_healthy with
        {
            PowerLimits = new PowerLimitState { DefaultWatts = Reading.Of(700.0), EnforcedWatts = Reading.Of(500.0) },
        };
        AssertCode(Facts() with { State = lowered }, TelemetryCodes.PowerLimitLowered, isInvalid: false);
    }

    [Fact]
    public void AnotherProcessIsAWarningAndInvalidWhereTheIdleDeviceWasBusy()
    {
        var shared = s_healthy with
        {
            Processes = Reading.Of<IReadOnlyList<ProcessState>>([
                new ProcessState(1, Reading.Of(1L)),
                new ProcessState(2, Reading.Of(1L)),
            ]),
        };
        AssertCode(Facts() with { State = shared }, TelemetryCodes.OtherProcess, isInvalid: false);
        TelemetryFacts busy = Facts() with
        {
            State = shared,
            Idle = Window(100, i => Sample(i) with { PowerInstantWatts = 80 + i, CoreUtilization = 0.4 }),
        };
        AssertCode(busy, TelemetryCodes.OtherProcess, isInvalid: true);
    }

    [Fact]
    public void ATemperatureThatStillRisesIsAWarning()
    {
        AssertCode(
            Facts(i => Sample(i) with { TemperatureCelsius = 50 + (0.05 * i) }),
            TelemetryCodes.TemperatureRising,
            isInvalid: false
        );
        AssertNone(Facts(i => Sample(i) with { TemperatureCelsius = 50 + (i % 2) }), TelemetryCodes.TemperatureRising);
    }

    [Fact]
    public void AGapOfMoreThanThreeSecondsIsSilenceAndOfLessIsNot()
    {
        TelemetryFacts With(double gap) =>
            Facts() with
            {
                Trials =
                [
                    new TelemetryWindow(
                        0,
                        10,
                        [
                            .. Window(100)
                                .Entries.Where(entry => entry.Sample.Seconds < 4 || entry.Sample.Seconds > 4 + gap),
                        ]
                    ),
                ],
            };
        AssertCode(With(3.5), TelemetryCodes.SensorSilent, isInvalid: false);
        AssertNone(With(2.5), TelemetryCodes.SensorSilent);
        TelemetryFacts failing = Facts(i => new TelemetrySample { Seconds = i * 0.1, FailureCode = "nvml.gpuIsLost" });
        AssertCode(failing, TelemetryCodes.SensorSilent, isInvalid: false);
    }

    [Fact]
    public void TheSameValueIdleAndUnderLoadIsStuck()
    {
        TelemetryFacts stuck = Facts(i => Sample(i) with { PowerInstantWatts = 71.3 }) with
        {
            Idle = Window(40, i => Sample(i) with { PowerInstantWatts = 71.3 }),
        };
        AssertCode(stuck, TelemetryCodes.SensorStuck, isInvalid: false);
        Assert.True(TelemetryChecks.IsStuck(stuck));
        // The same under a steady load alone is what a good sensor tells.
        AssertNone(Facts(i => Sample(i) with { PowerInstantWatts = 400 }), TelemetryCodes.SensorStuck);
    }

    [Fact]
    public void FewReadingsDisagreementAndAJumpOfTheClockAreWarnings()
    {
        AssertCode(
            Facts() with
            {
                Integrated = [EnergyEstimate.None(TelemetryCodes.TooFewPowerSamples)],
            },
            TelemetryCodes.TooFewPowerSamples,
            isInvalid: false
        );
        AssertCode(
            Facts() with
            {
                Integrated = [EnergyEstimate.Of(426, 50)],
            },
            TelemetryCodes.EnergyMethodsDisagree,
            isInvalid: false
        );
        AssertNone(Facts() with { Integrated = [EnergyEstimate.Of(410, 50)] }, TelemetryCodes.EnergyMethodsDisagree);
        AssertCode(Facts() with { CalendarJumpSeconds = -3600 }, TelemetryCodes.ClockJumped, isInvalid: false);
        AssertNone(Facts() with { CalendarJumpSeconds = 0.02 }, TelemetryCodes.ClockJumped);
    }

    private static TelemetryFacts Facts(Func<int, TelemetrySample>? sample = null) =>
        new()
        {
            Turns = [Window(100, sample)],
            Trials = [Window(100, sample)],
            Idle = Window(40, i => Sample(i) with { PowerInstantWatts = 80 + (i % 3), CoreUtilization = 0 }),
            State = s_healthy,
            Channel = new PowerChannel(IsAverage: false, 0.1, 0.1, 0),
            Counter = [EnergyEstimate.Of(400, 50)],
            Integrated = [EnergyEstimate.Of(402, 50)],
        };

    private static TelemetryWindow Window(int count, Func<int, TelemetrySample>? sample = null) =>
        new(
            0,
            count * 0.1,
            [.. Enumerable.Range(0, count).Select(i => TelemetryEntry.Of((sample ?? Sample)(i), null))]
        );

    private static TelemetrySample Sample(int i) =>
        new()
        {
            Seconds = i * 0.1,
            PowerInstantWatts = 400 + (i % 7),
            CoreClockHz = 1.6e9,
            TemperatureCelsius = 60,
            ThrottleReasons = ThrottleReasons.None,
        };

    private static void AssertCode(TelemetryFacts facts, string code, bool isInvalid)
    {
        TelemetryVerdict verdict = TelemetryChecks.Of(facts);
        Assert.Equal(isInvalid, verdict.InvalidReasons.Contains(code));
        Assert.Equal(!isInvalid, verdict.Warnings.Contains(code));
    }

    private static void AssertNone(TelemetryFacts facts, string code)
    {
        TelemetryVerdict verdict = TelemetryChecks.Of(facts);
        Assert.DoesNotContain(code, verdict.InvalidReasons);
        Assert.DoesNotContain(code, verdict.Warnings);
    }
}
