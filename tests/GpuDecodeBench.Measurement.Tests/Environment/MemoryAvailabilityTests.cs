using GpuDecodeBench.Measurement.Environment;

namespace GpuDecodeBench.Measurement.Tests.Environment;

public class MemoryAvailabilityTests
{
    private const long GiB = 1L << 30;

    [Fact]
    public void WithoutAContainerItIsWhatTheMachineHasAvailable()
    {
        using FixtureTree tree = new FixtureTree().Memory(64 * GiB, 60 * GiB);
        Assert.Equal(new MemoryAvailability(60 * GiB, null, null, null), MemoryAvailability.ReadLinux(tree.Root));
        Assert.Equal(60 * GiB, MemoryAvailability.ReadLinux(tree.Root).AvailableBytes);
    }

    [Fact]
    public void InAContainerItIsTheLimitLessWhatCannotBeReclaimed()
    {
        using FixtureTree tree = new FixtureTree()
            .Memory(64 * GiB, 60 * GiB)
            .File("/sys/fs/cgroup/memory.max", $"{8 * GiB}")
            .File("/sys/fs/cgroup/memory.current", $"{5 * GiB}")
            .File("/sys/fs/cgroup/memory.stat", $"inactive_file {2 * GiB}");
        Assert.Equal(5 * GiB, MemoryAvailability.ReadLinux(tree.Root).AvailableBytes);
    }

    [Fact]
    public void TheGroupThatLeavesTheLeastBindsEvenIfItsLimitIsTheLarger()
    {
        using FixtureTree tree = new FixtureTree()
            .Memory(64 * GiB, 60 * GiB)
            .File("/proc/self/cgroup", "0::/pod/me")
            .File("/sys/fs/cgroup/pod/memory.max", $"{16 * GiB}")
            .File("/sys/fs/cgroup/pod/memory.current", $"{15 * GiB}")
            .File("/sys/fs/cgroup/pod/me/memory.max", $"{8 * GiB}")
            .File("/sys/fs/cgroup/pod/me/memory.current", $"{2 * GiB}");

        Assert.Equal(
            new MemoryAvailability(60 * GiB, 16 * GiB, 15 * GiB, null),
            MemoryAvailability.ReadLinux(tree.Root)
        );
        Assert.Equal(GiB, MemoryAvailability.ReadLinux(tree.Root).AvailableBytes);
    }

    [Theory]
    [InlineData(10L, null, null, null, 10L)]
    [InlineData(10L, 100L, 20L, 5L, 10L)]
    [InlineData(90L, 100L, 20L, 5L, 85L)]
    [InlineData(90L, 100L, 120L, 5L, 0L)]
    [InlineData(90L, 100L, 20L, 30L, 90L)]
    [InlineData(90L, 50L, null, null, 50L)]
    [InlineData(null, 100L, 20L, null, 80L)]
    [InlineData(null, null, null, null, null)]
    public void TheSmallerOfMachineAndContainerIsAvailable(
        long? physical,
        long? limit,
        long? usage,
        long? inactive,
        long? expected
    ) => Assert.Equal(expected, new MemoryAvailability(physical, limit, usage, inactive).AvailableBytes);

    [Fact]
    public void AContainerWhoseUsageIsNotToldLeavesNothingKnownAndItsLimitAtMost()
    {
        using FixtureTree tree = new FixtureTree()
            .Memory(64 * GiB, 60 * GiB)
            .File("/sys/fs/cgroup/memory.max", $"{8 * GiB}");

        MemoryAvailability memory = MemoryAvailability.ReadLinux(tree.Root);

        Assert.Equal(new MemoryAvailability(60 * GiB, 8 * GiB, null, null), memory);
        Assert.Null(memory.ContainerAvailableBytes);
        Assert.Equal(8 * GiB, memory.AvailableBytes);
    }

    [Fact]
    public void TheAllowanceIsSevenTenths()
    {
        Assert.Equal(700, new MemoryAvailability(1000, null, null, null).AllowanceBytes);
        Assert.Null(new MemoryAvailability(null, null, null, null).AllowanceBytes);
    }

    [Fact]
    public void OnThisMachineItIsWithinPhysicalMemory()
    {
        MemoryAvailability memory = MemoryAvailability.Read();
        long? total = EnvironmentCapture.Capture(null).MemoryTotalBytes;
        Assert.True(total is null || total >= memory.AvailableBytes);
        Assert.True(!OperatingSystem.IsLinux() || memory.AvailableBytes > 0);
    }
}
