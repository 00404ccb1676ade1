using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Diagnostics;
using GpuDecodeBench.Measurement.Doctor;
using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Tests.Doctor;

/// <summary>The verdicts' edges on GPUs of which all is known.</summary>
public sealed class GpuChecksTests
{
    private static readonly DoctorFacts s_healthy = SyntheticFacts.HealthyH200;

    public static TheoryData<string> GpuChecks =>
        [.. DoctorChecks.All.Where(check => check.Targets.HasFlag(DoctorTargets.Gpu)).Select(check => check.Id)];

    [Theory]
    [MemberData(nameof(GpuChecks))]
    public void AHealthyH200PassesEveryCheck(string id)
    {
        CheckResult result = Judge(id, s_healthy);
        Assert.True(result.Verdict == Verdict.Pass, $"{id}: {result}");
        Assert.NotNull(result.Measured);
        Assert.Null(result.Advice);
    }

    [Theory]
    [MemberData(nameof(GpuChecks))]
    public void WithoutAnyFactsNothingPasses(string id)
    {
        CheckResult result = Judge(
            id,
            new DoctorFacts
            {
                Device = new DeviceFacts
                {
                    Name = "NVIDIA H200",
                    IsHost = false,
                    IsEmulated = false,
                },
                NoTelemetryReason = "nvml.libraryNotFound",
            }
        );
        Assert.Equal(Verdict.Skip, result.Verdict);
        Assert.NotNull(result.ReasonCode);
    }

    [Theory]
    [InlineData("power-limit")]
    [InlineData("throttling")]
    [InlineData("ecc")]
    [InlineData("memory-rows")]
    [InlineData("pcie-link")]
    [InlineData("links")]
    [InlineData("temperature")]
    public void WithoutTheManagementLibraryChecksSayItsReason(string id)
    {
        CheckResult result = Judge(
            id,
            s_healthy with
            {
                State = null,
                StateUnderLoad = null,
                NoTelemetryReason = "nvml.libraryNotFound",
            }
        );
        Assert.Equal(Verdict.Skip, result.Verdict);
        Assert.Equal("nvml.libraryNotFound", result.ReasonCode);
    }

    [Theory]
    [InlineData("power-limit")]
    [InlineData("clocks-application")]
    [InlineData("ecc")]
    [InlineData("memory-rows")]
    [InlineData("pcie-link")]
    [InlineData("links")]
    [InlineData("processes")]
    [InlineData("mode")]
    public void AReadingThatIsNotSupportedIsSkippedWithItsCode(string id)
    {
        var nothing = new DeviceState
        {
            PowerLimits = new PowerLimitState { EnforcedWatts = NotSupported<double>() },
            Clocks = new ClockState { CoreApplicationHz = NotSupported<double>() },
            MemoryErrors = new MemoryErrorState
            {
                IsEccEnabled = NotSupported<bool>(),
                HasRemappingFailed = NotSupported<bool>(),
            },
            Pcie = new PcieState { Generation = NotSupported<int>() },
            Links = NotSupported<IReadOnlyList<LinkState>>(),
            Processes = NotSupported<IReadOnlyList<ProcessState>>(),
            ComputeMode = NotSupported<string>(),
        };
        CheckResult result = Judge(id, s_healthy with { State = nothing, StateUnderLoad = nothing });
        Assert.Equal(Verdict.Skip, result.Verdict);
        Assert.Equal("nvml.notSupported", result.ReasonCode);
    }

    [Fact]
    public void AnA100UnderAnH100sNameFailsByWhatItIsAndByWhatItDoes()
    {
        DoctorFacts liar = s_healthy with
        {
            Device = s_healthy.Device with
            {
                Name = "NVIDIA H100 80GB HBM3",
                MemoryBytes = 81037L << 20,
                MultiprocessorCount = 108,
                MemoryBusBits = 5120,
                MemoryClockHz = 2619e6,
                LastLevelCacheBytes = 40L << 20,
                ComputeCapability = 90,
            },
            Catalogue = HardwareCatalogue.Find("h100"),
            State = SyntheticFacts.HealthyState with { Name = Reading.Of("NVIDIA H100 80GB HBM3") },
            Ceilings = new DeviceCeilings { ReadBytesPerSecond = 1.8e12, FlopsPerSecond = 260e12 },
            Load = [new LoadObservation(LoadKind.Compute, SyntheticFacts.Steady(18.5e12), [])],
        };
        CheckResult identity = Judge("identity", liar);
        Assert.Equal(Verdict.Fail, identity.Verdict);
        Assert.Contains("108 multiprocessors", identity.Measured, StringComparison.Ordinal);
        Assert.Contains("132 multiprocessors", identity.Expected, StringComparison.Ordinal);
        Assert.Equal(Verdict.Fail, Judge("bandwidth-read", liar).Verdict);
        Assert.Equal(Verdict.Fail, Judge("compute-rate", liar).Verdict);
        Assert.Equal(Verdict.Fail, Judge("matrix-rate", liar).Verdict);

        // A driver that lies about everything it says changes none of what is measured.
        DoctorFacts forged = liar with
        {
            Device = liar.Device with { MultiprocessorCount = 132, LastLevelCacheBytes = 50L << 20 },
        };
        Assert.Equal(Verdict.Pass, Judge("identity", forged).Verdict);
        Assert.Equal(Verdict.Fail, Judge("bandwidth-read", forged).Verdict);
        Assert.Equal(Verdict.Fail, Judge("compute-rate", forged).Verdict);
    }

    [Fact]
    public void AB200IsItselfWithEitherBusWidthThatDriversHaveTold()
    {
        foreach (int bits in (int[])[7680, 8192, 6144])
        {
            CheckResult result = Judge(
                "identity",
                s_healthy with
                {
                    Device = s_healthy.Device with
                    {
                        Name = "NVIDIA B200",
                        MultiprocessorCount = 148,
                        MemoryBusBits = bits,
                        MemoryClockHz = 3996e6,
                        LastLevelCacheBytes = 132644864,
                        MemoryBytes = (long)(178.35 * SyntheticFacts.GiB),
                    },
                    Catalogue = HardwareCatalogue.Find("b200"),
                    State = null,
                }
            );
            Assert.Equal(bits == 6144 ? Verdict.Fail : Verdict.Pass, result.Verdict);
        }
    }

    [Theory]
    [InlineData(0.0, Verdict.Pass)]
    [InlineData(2.0, Verdict.Pass)]
    // 2.5 % of what the driver of a whole H200 reports are 3.51 GiB.
    [InlineData(3.6, Verdict.Fail)]
    public void MissingMemoryIsMoreThanADriversPart(double missingGib, Verdict expected) =>
        Assert.Equal(
            expected,
            Judge(
                "identity",
                s_healthy with
                {
                    Device = s_healthy.Device with
                    {
                        MemoryBytes = (143771L << 20) - (long)(missingGib * SyntheticFacts.GiB),
                    },
                }
            ).Verdict
        );

    [Theory]
    [InlineData(0.81, Verdict.Pass)]
    [InlineData(0.79, Verdict.Warn)]
    [InlineData(0.61, Verdict.Warn)]
    [InlineData(0.59, Verdict.Fail)]
    [InlineData(1.15, Verdict.Fail)]
    public void ReadBandwidthIsHeldAgainstTheDatasheet(double share, Verdict expected) =>
        Assert.Equal(
            expected,
            Judge(
                "bandwidth-read",
                s_healthy with
                {
                    Ceilings = new DeviceCeilings { ReadBytesPerSecond = share * 4.8e12 },
                }
            ).Verdict
        );

    [Fact]
    public void ACardThatNoCatalogueKnowsIsHeldAgainstItsOwnClockAndNeverFailsByIt()
    {
        DoctorFacts unknown = s_healthy with
        {
            Catalogue = null,
            Ceilings = new DeviceCeilings { ReadBytesPerSecond = 1e12 },
        };
        CheckResult result = Judge("bandwidth-read", unknown);
        Assert.Equal(Verdict.Warn, result.Verdict);
        Assert.Contains("no datasheet", result.Source, StringComparison.Ordinal);
        Assert.Equal("notInCatalogue", Judge("identity", unknown).ReasonCode);
    }

    [Theory]
    [InlineData(23, Verdict.Pass)] // the half that one side of the chip sees
    [InlineData(60, Verdict.Pass)]
    [InlineData(8, Verdict.Fail)]
    [InlineData(360, Verdict.Fail)]
    public void TheCacheIsWhereReadingSlowsDown(long kneeMib, Verdict expected) =>
        Assert.Equal(
            expected,
            Judge(
                "cache-size",
                s_healthy with
                {
                    Sweep = SyntheticFacts.SweepWithKneeAt(kneeMib << 20, 7e12, 4.4e12),
                }
            ).Verdict
        );

    [Fact]
    public void ASweepWithoutAKneeSaysNothingOfTheCache()
    {
        CheckResult result = Judge(
            "cache-size",
            s_healthy with
            {
                Sweep = SyntheticFacts.SweepWithKneeAt(0, 7e12, 4.4e12),
            }
        );
        Assert.Equal("noKnee", result.ReasonCode);
    }

    [Fact]
    public void MemoryThatShowsTwiceFailsAndIsNamed()
    {
        CheckResult result = Judge(
            "memory-pattern",
            s_healthy with
            {
                Memory = SyntheticFacts.Tested(140 * SyntheticFacts.GiB) with
                {
                    WrongWords = 1000,
                    FirstWrongByte = 0,
                    FirstBelongsAtByte = 80 * SyntheticFacts.GiB,
                },
            }
        );
        Assert.Equal(Verdict.Fail, result.Verdict);
        Assert.Contains("belongs 80 GiB in", result.Measured, StringComparison.Ordinal);
        Assert.Contains("two addresses", result.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(0, Verdict.Pass)]
    [InlineData(3, Verdict.Warn)]
    [InlineData(8, Verdict.Fail)]
    public void MemoryThatIsSaidToBeFreeMustBeHad(long missingGib, Verdict expected)
    {
        long free = 24 * SyntheticFacts.GiB;
        long had = Math.Min((long)(0.97 * free), free - (missingGib * SyntheticFacts.GiB));
        CheckResult result = Judge(
            "memory-pattern",
            s_healthy with
            {
                Memory = SyntheticFacts.Tested(had) with { FreeBytes = free, WantedBytes = (long)(0.97 * free) },
            }
        );
        Assert.Equal(expected, result.Verdict);
    }

    [Theory]
    [InlineData(0, Verdict.Pass)]
    [InlineData(8, Verdict.Pass)]
    [InlineData(10, Verdict.Warn)]
    [InlineData(95, Verdict.Fail)]
    public void KernelsThatHadToWaitTellOfOthers(int slow, Verdict expected)
    {
        // Of 1000 kernels 900 count: the first tenth is left out.
        double[] seconds = [.. Enumerable.Range(0, 1000).Select(i => i >= 1000 - slow ? 2e-3 : 100e-6)];
        Assert.Equal(expected, Judge("contention", s_healthy with { ShortKernelSeconds = seconds }).Verdict);
    }

    [Fact]
    public void ADeviceThatFailsWhileItWorksFailsTheCheckThatItWorkedFor()
    {
        DoctorFacts failed = s_healthy with
        {
            Failures = new Dictionary<DoctorProbes, ProbeFailure>
            {
                [DoctorProbes.Memory] = new("deviceFailed", "an illegal address", IsFault: true),
                [DoctorProbes.Sweep] = new("outOfTime", null, IsFault: false),
            },
        };
        Assert.Equal(Verdict.Fail, Judge("memory-pattern", failed).Verdict);
        Assert.Equal("outOfTime", Judge("cache-size", failed).ReasonCode);
        Assert.Equal(Verdict.Pass, Judge("contention", failed).Verdict);
    }

    private static Reading<T> NotSupported<T>() => Reading.Unavailable<T>("nvml.notSupported", "not on this card");

    private static CheckResult Judge(string id, DoctorFacts facts) =>
        DoctorChecks.All.Single(check => check.Id == id).Judge(facts);
}
