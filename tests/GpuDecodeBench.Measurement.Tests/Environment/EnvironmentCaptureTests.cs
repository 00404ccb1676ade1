using GpuDecodeBench.Measurement.Environment;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Tests.Environment;

public class EnvironmentCaptureTests
{
    [Fact]
    public void ABareMetalServerIsDescribedInFull()
    {
        using FixtureTree tree = new FixtureTree().TwoSocketServer();

        EnvironmentInfo info = EnvironmentCapture.CaptureLinux(tree.Root, 4);

        Assert.Equal("Ubuntu 24.04.1 LTS", info.OperatingSystem);
        Assert.Equal("6.8.0-45-generic", info.Kernel);
        Assert.Equal("Intel(R) Xeon(R) Platinum 8480+", info.CpuModel);
        Assert.Equal(8, info.CpuLogicalCores);
        Assert.Equal(4, info.CpuThreadsUsed);
        Assert.Equal(64L << 30, info.MemoryTotalBytes);
        Assert.Equal(60L << 30, info.MemoryAvailableBytes);
        Assert.Null(info.ContainerMemoryLimitBytes);
        Assert.Null(info.ContainerCpuLimit);
        Assert.Equal(0.52, info.LoadAverage1Minute);
        Assert.Equal("madvise", info.TransparentHugePages);
        Assert.False(info.Virtualised);
        Assert.Null(info.Driver);
        Assert.Equal(
            [
                new CacheInfo(1, "Data", 48 << 10, 4),
                new CacheInfo(2, "Unified", 2 << 20, 4),
                new CacheInfo(3, "Unified", 32 << 20, 2),
            ],
            info.Caches
        );
        Assert.Equal(64L << 20, LastLevelCache.TotalBytes(info.Caches));
    }

    [Fact]
    public void OnlyCachesThatTheProcessCanUseAreCounted()
    {
        using FixtureTree tree = new FixtureTree().TwoSocketServer();
        tree.File("/proc/self/status", "Cpus_allowed_list:\t0,4");

        IReadOnlyList<CacheInfo> caches = EnvironmentCapture.CaptureLinux(tree.Root, null).Caches;

        Assert.All(caches, cache => Assert.Equal(1, cache.Instances));
        Assert.Equal(32L << 20, LastLevelCache.TotalBytes(caches));
    }

    [Fact]
    public void ACacheThatSaysNothingOfSharingIsTheProcessorsOwn()
    {
        using FixtureTree tree = new FixtureTree().File("/sys/devices/system/cpu/online", "0-1");
        tree.Cache(0, 0, 2, "Unified", "1024K", null).Cache(1, 0, 2, "Unified", "1024K", null);
        Assert.Equal(
            [new CacheInfo(2, "Unified", 1 << 20, 2)],
            EnvironmentCapture.CaptureLinux(tree.Root, null).Caches
        );
    }

    [Fact]
    public void CoresOfTwoKindsHaveTwoEntriesAndTheirLastLevelsAddUp()
    {
        using FixtureTree tree = new FixtureTree().File("/sys/devices/system/cpu/online", "0-2");
        tree.Cache(0, 0, 2, "Unified", "2048K", "0")
            .Cache(1, 0, 2, "Unified", "4096K", "1-2")
            .Cache(2, 0, 2, "Unified", "4096K", "1-2");
        IReadOnlyList<CacheInfo> caches = EnvironmentCapture.CaptureLinux(tree.Root, null).Caches;
        Assert.Equal(2, caches.Count);
        Assert.Equal(6L << 20, LastLevelCache.TotalBytes(caches));
    }

    [Fact]
    public void AHypervisorFlagMeansVirtualised()
    {
        using FixtureTree tree = new FixtureTree().File(
            "/proc/cpuinfo",
            FixtureTree.X86CpuInfo(1, "fpu hypervisor avx2")
        );
        Assert.True(EnvironmentCapture.CaptureLinux(tree.Root, null).Virtualised);
    }

    [Fact]
    public void AnArmCpuWithoutAModelNameIsNamedByItsNumbers()
    {
        using FixtureTree tree = new FixtureTree().File(
            "/proc/cpuinfo",
            """
            processor	: 0
            BogoMIPS	: 2000.00
            Features	: fp asimd evtstrm aes
            CPU implementer	: 0x41
            CPU part	: 0xd4f

            processor	: 1
            CPU implementer	: 0x41
            CPU part	: 0xd4f
            """
        );

        EnvironmentInfo info = EnvironmentCapture.CaptureLinux(tree.Root, null);

        Assert.Equal("ARM implementer 0x41, part 0xd4f", info.CpuModel);
        Assert.Equal(2, info.CpuLogicalCores);
        Assert.Null(info.Virtualised);
    }

    [Fact]
    public void AnEmptyRootLeavesEverythingUnknownAndNothingThrows()
    {
        using var tree = new FixtureTree();

        EnvironmentInfo info = EnvironmentCapture.CaptureLinux(tree.Root, null);

        Assert.NotEmpty(info.OperatingSystem);
        Assert.NotEmpty(info.Runtime);
        Assert.Equal(System.Environment.ProcessorCount, info.CpuLogicalCores);
        Assert.Empty(info.Caches);
        Assert.Null(info.CpuThreadsUsed);
        Assert.All(
            new object?[]
            {
                info.Kernel,
                info.CpuModel,
                info.MemoryTotalBytes,
                info.MemoryAvailableBytes,
                info.ContainerMemoryLimitBytes,
                info.ContainerCpuLimit,
                info.LoadAverage1Minute,
                info.TransparentHugePages,
                info.Virtualised,
                LastLevelCache.TotalBytes(info.Caches),
            },
            Assert.Null
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("\0\u0001garbage\uffff")]
    [InlineData(":::")]
    [InlineData("-1")]
    [InlineData("99999999999999999999999999")]
    [InlineData("9223372036854775807K")]
    [InlineData("[]")]
    [InlineData("0-99999999")]
    [InlineData("MemTotal: 9223372036854775807 kB\nMemAvailable: x\nCpus_allowed_list: 3-1")]
    public void GarbageInEveryFileLeavesFiguresUnknownAndNothingThrows(string garbage)
    {
        using FixtureTree tree = new FixtureTree().TwoSocketServer();
        foreach (string file in Directory.GetFiles(tree.Root, "*", SearchOption.AllDirectories))
        {
            File.WriteAllText(file, garbage);
        }

        tree.File("/sys/fs/cgroup/memory.max", garbage).File("/sys/fs/cgroup/cpu.max", garbage);
        EnvironmentInfo info = EnvironmentCapture.CaptureLinux(tree.Root, null);

        Assert.Null(info.MemoryTotalBytes);
        Assert.Null(info.MemoryAvailableBytes);
        Assert.Null(info.ContainerCpuLimit);
        Assert.Null(info.TransparentHugePages);
        Assert.Empty(info.Caches);
        Assert.True(info.CpuLogicalCores >= 1);
    }

    [Fact]
    public void DirectoriesInPlaceOfFilesAreUnreadable()
    {
        using var tree = new FixtureTree();
        Directory.CreateDirectory(Path.Combine(tree.Root, "proc", "meminfo"));
        Assert.Null(EnvironmentCapture.CaptureLinux(tree.Root, null).MemoryTotalBytes);
    }

    [Fact]
    public void ThisMachineIsDescribedWithoutThrowing()
    {
        EnvironmentInfo info = EnvironmentCapture.Capture(1);

        Assert.InRange(info.CpuUsableCores, 1, info.CpuLogicalCores);
        Assert.True(info.MemoryTotalBytes is null || info.MemoryTotalBytes >= info.MemoryAvailableBytes);
        Assert.True(!OperatingSystem.IsLinux() || info.MemoryTotalBytes > 0);
        Assert.NotEmpty(info.CpuFeatures);
        Assert.Equal(info.CpuFeatures.Distinct(), info.CpuFeatures);
        Assert.All(info.Caches, cache => Assert.True(cache is { SizeBytes: > 0, Instances: > 0 }));
    }

    [Fact]
    public void AReaderThatThrowsLeavesTheFallback() =>
        Assert.Equal(3, Attempt.OrElse<int>(() => throw new InvalidOperationException(), 3));
}
