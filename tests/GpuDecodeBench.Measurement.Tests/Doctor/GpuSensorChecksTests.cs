using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Diagnostics;
using GpuDecodeBench.Measurement.Doctor;
using GpuDecodeBench.Measurement.Telemetry;

namespace GpuDecodeBench.Measurement.Tests.Doctor;

/// <summary>The verdicts' edges where sensors and the management library tell.</summary>
public sealed class GpuSensorChecksTests
{
    private static readonly DoctorFacts s_healthy = SyntheticFacts.HealthyH200;

    [Theory]
    [InlineData(700, 700, Verdict.Pass)]
    [InlineData(690, 700, Verdict.Warn)]
    [InlineData(500, 700, Verdict.Fail)]
    [InlineData(600, 600, Verdict.Warn)]
    public void ALoweredPowerLimitIsSeen(double enforced, double usual, Verdict expected) =>
        Assert.Equal(
            expected,
            Judge(
                "power-limit",
                s_healthy with
                {
                    State = SyntheticFacts.HealthyState with
                    {
                        PowerLimits = new PowerLimitState
                        {
                            EnforcedWatts = Reading.Of(enforced),
                            DefaultWatts = Reading.Of(usual),
                        },
                    },
                }
            ).Verdict
        );

    [Theory]
    [InlineData(ThrottleReasons.Idle, 1980, Verdict.Pass)]
    [InlineData(ThrottleReasons.SoftwarePowerCap, 1900, Verdict.Pass)]
    [InlineData(ThrottleReasons.SoftwarePowerCap, 1400, Verdict.Warn)]
    [InlineData(ThrottleReasons.SoftwareThermal, 1900, Verdict.Warn)]
    [InlineData(ThrottleReasons.HardwareThermal | ThrottleReasons.HardwareSlowdown, 900, Verdict.Fail)]
    [InlineData(ThrottleReasons.PowerBrake, 900, Verdict.Fail)]
    public void ReasonsForLoweredClocksAreWeighed(ThrottleReasons reasons, double megahertz, Verdict expected) =>
        Assert.Equal(
            expected,
            Judge(
                "throttling",
                s_healthy.WithSamples(_ =>
                    SyntheticFacts.HealthySample with
                    {
                        ThrottleReasons = reasons,
                        CoreClockHz = megahertz * 1e6,
                    }
                )
            ).Verdict
        );

    [Fact]
    public void APassingMomentIsNoThrottling() =>
        Assert.Equal(
            Verdict.Pass,
            Judge(
                "throttling",
                s_healthy.WithSamples(i =>
                    SyntheticFacts.HealthySample with
                    {
                        ThrottleReasons = i == 50 ? ThrottleReasons.HardwareSlowdown : ThrottleReasons.None,
                    }
                )
            ).Verdict
        );

    [Theory]
    [InlineData(0.96, Verdict.Pass)]
    [InlineData(0.90, Verdict.Warn)]
    [InlineData(0.80, Verdict.Fail)]
    [InlineData(1.30, Verdict.Warn)]
    public void ARateThatFallsUnderLoadIsSeenWithoutAnySensor(double end, Verdict expected)
    {
        LoadBatch[] falling =
        [
            .. Enumerable.Range(0, 100).Select(i => new LoadBatch(i / 10.0, i < 50 ? 60e12 : end * 60e12)),
        ];
        DoctorFacts facts = s_healthy with
        {
            State = null,
            Load = [new LoadObservation(LoadKind.Compute, falling, [])],
        };
        Assert.Equal(expected, Judge("load-steady", facts).Verdict);
    }

    [Theory]
    [InlineData(81, Verdict.Pass)]
    [InlineData(82, Verdict.Warn)]
    [InlineData(87, Verdict.Fail)]
    public void TheHottestMomentCounts(double celsius, Verdict expected) =>
        Assert.Equal(
            expected,
            Judge(
                "temperature",
                s_healthy.WithSamples(i =>
                    SyntheticFacts.HealthySample with
                    {
                        TemperatureCelsius = i == 70 ? celsius : 60,
                    }
                )
            ).Verdict
        );

    [Theory]
    [InlineData(5, 16, Verdict.Pass)]
    [InlineData(5, 8, Verdict.Warn)]
    [InlineData(4, 16, Verdict.Warn)]
    [InlineData(3, 16, Verdict.Fail)]
    [InlineData(5, 4, Verdict.Fail)]
    public void ALinkBelowItsBestIsSeenUnderLoad(int generation, int width, Verdict expected) =>
        Assert.Equal(
            expected,
            Judge(
                "pcie-link",
                s_healthy with
                {
                    StateUnderLoad = SyntheticFacts.HealthyState with
                    {
                        Pcie = SyntheticFacts.HealthyState.Pcie with
                        {
                            Generation = Reading.Of(generation),
                            Width = Reading.Of(width),
                        },
                    },
                }
            ).Verdict
        );

    [Theory]
    [InlineData(45e9, Verdict.Pass)]
    [InlineData(43e9, Verdict.Warn)]
    [InlineData(24e9, Verdict.Fail)]
    public void CopiesAreHeldAgainstTheLink(double rate, Verdict expected) =>
        Assert.Equal(
            expected,
            Judge("pcie-bandwidth", s_healthy with { Copies = SyntheticFacts.CopiesOf(rate) }).Verdict
        );

    [Fact]
    public void AMigInstanceIsNamedAndItsFiguresAreNotJudgedAsAWholeGpus()
    {
        DoctorFacts slice = s_healthy with
        {
            Device = s_healthy.Device with
            {
                Name = "NVIDIA H200 MIG 1g.18gb",
                IsMigInstance = true,
                MultiprocessorCount = 16,
                MemoryBytes = 16 * SyntheticFacts.GiB,
                FreeBytes = 16 * SyntheticFacts.GiB,
            },
            Ceilings = new DeviceCeilings { ReadBytesPerSecond = 0.6e12 },
        };
        Assert.Equal(Verdict.Warn, Judge("mig", slice).Verdict);
        Assert.Equal("migInstance", Judge("identity", slice).ReasonCode);
        Assert.Equal("migInstance", Judge("bandwidth-read", slice).ReasonCode);
        Assert.Equal(Verdict.Skip, Judge("compute-rate", slice).Verdict);
    }

    [Theory]
    [InlineData(true, 0, 0, Verdict.Pass)]
    [InlineData(false, 0, 0, Verdict.Warn)]
    [InlineData(true, 1, 0, Verdict.Fail)]
    [InlineData(true, 0, 2000, Verdict.Warn)]
    public void MemoryErrorsAreWeighed(bool isOn, long uncorrected, long corrected, Verdict expected) =>
        Assert.Equal(
            expected,
            Judge(
                "ecc",
                s_healthy with
                {
                    State = SyntheticFacts.HealthyState with
                    {
                        MemoryErrors = SyntheticFacts.HealthyState.MemoryErrors with
                        {
                            IsEccEnabled = Reading.Of(isOn),
                            UncorrectedSinceLoad = Reading.Of(uncorrected),
                            CorrectedSinceLoad = Reading.Of(corrected),
                        },
                    },
                }
            ).Verdict
        );

    [Theory]
    [InlineData(false, false, 0, Verdict.Pass)]
    [InlineData(false, false, 1, Verdict.Warn)]
    [InlineData(true, false, 0, Verdict.Fail)]
    [InlineData(false, true, 0, Verdict.Fail)]
    public void ReplacedRowsAreWeighed(bool isPending, bool hasFailed, long lost, Verdict expected) =>
        Assert.Equal(
            expected,
            Judge(
                "memory-rows",
                s_healthy with
                {
                    State = SyntheticFacts.HealthyState with
                    {
                        MemoryErrors = SyntheticFacts.HealthyState.MemoryErrors with
                        {
                            IsRemappingPending = Reading.Of(isPending),
                            HasRemappingFailed = Reading.Of(hasFailed),
                            RemappedUncorrectable = Reading.Of(lost),
                        },
                    },
                }
            ).Verdict
        );

    [Theory]
    [InlineData(new long[] { 4242 }, Verdict.Pass)]
    [InlineData(new long[] { 1 }, Verdict.Pass)] // this process under its number outside the container
    [InlineData(new long[] { 4242, 7 }, Verdict.Warn)]
    [InlineData(new long[] { 1, 2 }, Verdict.Warn)]
    public void OtherProcessesAreCounted(long[] ids, Verdict expected) =>
        Assert.Equal(
            expected,
            Judge(
                "processes",
                s_healthy with
                {
                    State = SyntheticFacts.HealthyState with
                    {
                        Processes = Reading.Of<IReadOnlyList<ProcessState>>([
                            .. ids.Select(id => new ProcessState(id, default)),
                        ]),
                    },
                }
            ).Verdict
        );

    [Fact]
    public void MemoryThatSomebodyHoldsIsSeenThoughNoProcessIs() =>
        Assert.Equal(
            Verdict.Warn,
            Judge(
                "processes",
                s_healthy with
                {
                    Device = s_healthy.Device with { FreeBytes = 100 * SyntheticFacts.GiB },
                    State = null,
                }
            ).Verdict
        );

    [Fact]
    public void LinksThatAreDownOrSlowAreNumbered()
    {
        LinkState[] links =
        [
            new LinkState(0, Reading.Of(true), Reading.Of(26e9)),
            new LinkState(1, Reading.Of(false), default),
            new LinkState(2, Reading.Of(true), Reading.Of(13e9)),
        ];
        CheckResult result = Judge("links", WithLinks(links));
        Assert.Equal(Verdict.Warn, result.Verdict);
        Assert.Contains("down: 1", result.Measured, StringComparison.Ordinal);
        Assert.Contains("slower: 2", result.Measured, StringComparison.Ordinal);
        Assert.Equal("noLinks", Judge("links", WithLinks([])).ReasonCode);
    }

    [Theory]
    [InlineData(0.05, Verdict.Pass)]
    [InlineData(-0.5, Verdict.Warn)]
    [InlineData(30, Verdict.Fail)]
    public void AJumpOfTheClockIsSeenEitherWay(double seconds, Verdict expected) =>
        Assert.Equal(
            expected,
            Judge("host-clock", s_healthy with { Clock = new ClockObservation(60, seconds) }).Verdict
        );

    [Theory]
    [InlineData(12030, Verdict.Pass)]
    [InlineData(12020, Verdict.Warn)]
    public void AHopperWantsADriverWhoseGraphsOverlap(int version, Verdict expected) =>
        Assert.Equal(
            expected,
            Judge("driver", s_healthy with { Device = s_healthy.Device with { CudaVersion = version } }).Verdict
        );

    private static DoctorFacts WithLinks(IReadOnlyList<LinkState> links) =>
        s_healthy with
        {
            State = SyntheticFacts.HealthyState with { Links = Reading.Of(links) },
        };

    private static CheckResult Judge(string id, DoctorFacts facts) =>
        DoctorChecks.All.Single(check => check.Id == id).Judge(facts);
}
