using GpuDecodeBench.Measurement.Environment;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Tests.Environment;

public class CgroupReaderTests
{
    private const long GiB = 1L << 30;
    private const string NoLimit = "9223372036854771712";

    [Fact]
    public void AVersion2ContainerSeesItsLimitsAtTheMount()
    {
        using FixtureTree tree = new FixtureTree()
            .File("/proc/self/cgroup", "0::/")
            .File("/sys/fs/cgroup/memory.max", $"{8 * GiB}")
            .File("/sys/fs/cgroup/memory.current", $"{3 * GiB}")
            .File("/sys/fs/cgroup/memory.stat", $"anon {GiB}\nactive_file 5\ninactive_file {2 * GiB}")
            .File("/sys/fs/cgroup/cpu.max", "250000 100000");

        Assert.Equal(
            new CgroupLimits(8 * GiB, 2.5, new CgroupMemory(8 * GiB, 3 * GiB, 2 * GiB)),
            new CgroupReader(new SystemFiles(tree.Root)).Read()
        );
        EnvironmentInfo info = EnvironmentCapture.CaptureLinux(tree.Root, null);
        Assert.Equal((8 * GiB, 2.5), (info.ContainerMemoryLimitBytes, info.ContainerCpuLimit));
    }

    [Fact]
    public void MaxMeansNoLimit()
    {
        using FixtureTree tree = new FixtureTree()
            .File("/proc/self/cgroup", "0::/")
            .File("/sys/fs/cgroup/memory.max", "max")
            .File("/sys/fs/cgroup/memory.current", "5")
            .File("/sys/fs/cgroup/cpu.max", "max 100000");
        Assert.Equal(new CgroupLimits(null, null, null), new CgroupReader(new SystemFiles(tree.Root)).Read());
    }

    [Fact]
    public void OfNestedGroupsTheSmallestLimitCountsWhereverItIs()
    {
        using FixtureTree tree = new FixtureTree()
            .File("/proc/self/cgroup", "0::/kubepods.slice/pod7/container")
            .File("/sys/fs/cgroup/kubepods.slice/memory.max", $"{100 * GiB}")
            .File("/sys/fs/cgroup/kubepods.slice/cpu.max", "1600000 100000")
            .File("/sys/fs/cgroup/kubepods.slice/pod7/memory.max", $"{4 * GiB}")
            .File("/sys/fs/cgroup/kubepods.slice/pod7/cpu.max", "max 100000")
            .File("/sys/fs/cgroup/kubepods.slice/pod7/container/memory.max", "max")
            .File("/sys/fs/cgroup/kubepods.slice/pod7/container/cpu.max", "50000 100000");

        CgroupLimits limits = new CgroupReader(new SystemFiles(tree.Root)).Read();
        Assert.Equal((4 * GiB, 0.5), (limits.MemoryLimitBytes, limits.CpuLimit));
    }

    [Fact]
    public void AGroupThatIsNotOnTheProcessesPathDoesNotCount()
    {
        using FixtureTree tree = new FixtureTree()
            .File("/proc/self/cgroup", "0::/a/b")
            .File("/sys/fs/cgroup/a/c/memory.max", "1000")
            .File("/sys/fs/cgroup/a/b/c/memory.max", "1000");
        Assert.Null(new CgroupReader(new SystemFiles(tree.Root)).Read().MemoryLimitBytes);
    }

    [Fact]
    public void AVersion1ContainerWithTheHostsPathSeesItsLimitsAtTheMount()
    {
        using FixtureTree tree = new FixtureTree()
            .File("/proc/self/cgroup", "12:memory:/docker/abc\n3:cpu,cpuacct:/docker/abc\n1:name=systemd:/docker/abc")
            .File("/sys/fs/cgroup/memory/memory.limit_in_bytes", $"{2 * GiB}")
            .File("/sys/fs/cgroup/memory/memory.usage_in_bytes", $"{GiB}")
            .File("/sys/fs/cgroup/memory/memory.stat", "inactive_file 1\ntotal_inactive_file 4096")
            .File("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_quota_us", "150000")
            .File("/sys/fs/cgroup/cpu,cpuacct/cpu.cfs_period_us", "100000");

        Assert.Equal(
            new CgroupLimits(2 * GiB, 1.5, new CgroupMemory(2 * GiB, GiB, 4096)),
            new CgroupReader(new SystemFiles(tree.Root)).Read()
        );
    }

    [Fact]
    public void AVersion1HostWithoutLimitsHasNone()
    {
        using FixtureTree tree = new FixtureTree()
            .File("/proc/self/cgroup", "4:memory:/app/1\n1:cpu:/\n0::/")
            .File("/sys/fs/cgroup/memory/memory.limit_in_bytes", NoLimit)
            .File("/sys/fs/cgroup/memory/app/1/memory.limit_in_bytes", NoLimit)
            .File("/sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1")
            .File("/sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000");
        Assert.Equal(new CgroupLimits(null, null, null), new CgroupReader(new SystemFiles(tree.Root)).Read());
    }

    [Fact]
    public void Version1AndVersion2SideBySideAreBothLookedAt()
    {
        using FixtureTree tree = new FixtureTree()
            .File("/proc/self/cgroup", "4:memory:/app\n0::/unit")
            .File("/sys/fs/cgroup/memory/app/memory.limit_in_bytes", "7000000")
            .File("/sys/fs/cgroup/unified/unit/cpu.max", "300000 100000");
        CgroupLimits limits = new CgroupReader(new SystemFiles(tree.Root)).Read();
        Assert.Equal((7_000_000L, 3.0), (limits.MemoryLimitBytes, limits.CpuLimit));
    }

    [Fact]
    public void APathOutsideTheNamespaceFallsBackToTheMount()
    {
        using FixtureTree tree = new FixtureTree()
            .File("/proc/self/cgroup", "0::/../../other")
            .File("/memory.max", "1")
            .File("/sys/fs/cgroup/memory.max", "5000");
        Assert.Equal(5000, new CgroupReader(new SystemFiles(tree.Root)).Read().MemoryLimitBytes);
    }

    [Fact]
    public void WithoutProcSelfCgroupTheMountItselfIsLookedAt()
    {
        using FixtureTree tree = new FixtureTree().File("/sys/fs/cgroup/memory.max", "5000");
        Assert.Equal(5000, new CgroupReader(new SystemFiles(tree.Root)).Read().MemoryLimitBytes);
    }

    [Theory]
    [InlineData("100000")]
    [InlineData("0 100000")]
    [InlineData("100000 0")]
    [InlineData("a b")]
    public void ACpuLimitThatIsNoneIsUnknown(string text)
    {
        using FixtureTree tree = new FixtureTree().File("/sys/fs/cgroup/cpu.max", text);
        Assert.Null(new CgroupReader(new SystemFiles(tree.Root)).Read().CpuLimit);
    }
}
