namespace GpuDecodeBench.Measurement.Environment;

/// <summary>
/// How much memory this process can use now without swapping or being killed, with the figures it follows from.
/// </summary>
/// <param name="PhysicalAvailableBytes">What the machine has available (Linux: MemAvailable); null where not known.</param>
/// <param name="ContainerLimitBytes">The limit of the control group that leaves the least; null where none limits it.</param>
/// <param name="ContainerUsageBytes">What that group uses, page cache included; null where not known.</param>
/// <param name="ContainerInactiveFileBytes">Of that, the inactive file cache, which the kernel gives up first; null where not known.</param>
public sealed record MemoryAvailability(
    long? PhysicalAvailableBytes,
    long? ContainerLimitBytes,
    long? ContainerUsageBytes,
    long? ContainerInactiveFileBytes
)
{
    /// <summary>The share of the available memory that a measurement may take: the rest is for the system and for what grows meanwhile.</summary>
    public const double LargestShare = 0.7;

    /// <summary>limit − (usage − inactive file cache), at least 0, in bytes; null where no container limits memory, or its usage is not known.</summary>
    public long? ContainerAvailableBytes => Container?.FreeBytes;

    /// <summary>
    /// The smaller of what the machine and what the container leave, in bytes; null where neither is known. Where the container's usage is
    /// not known its limit bounds the figure: no more than that can be had.
    /// </summary>
    public long? AvailableBytes =>
        PhysicalAvailableBytes is null || Container?.AtMostBytes < PhysicalAvailableBytes
            ? Container?.AtMostBytes
            : PhysicalAvailableBytes;

    private CgroupMemory? Container =>
        ContainerLimitBytes is { } limit
            ? new CgroupMemory(limit, ContainerUsageBytes, ContainerInactiveFileBytes)
            : null;

    /// <summary><see cref="LargestShare"/> of <see cref="AvailableBytes"/>, rounded down; null where that is not known.</summary>
    public long? AllowanceBytes => AvailableBytes is { } available ? (long)(available * LargestShare) : null;

    /// <summary>Reads the figures as they are now; never throws, and what is not known is null.</summary>
    public static MemoryAvailability Read() =>
        From(
            OperatingSystem.IsLinux()
                ? Attempt.OrElse(new LinuxSystem(new SystemFiles()).ReadMemory, new SystemFacts())
                : EnvironmentCapture.ReadSystem()
        );

    /// <summary>As <see cref="Read"/>, of a Linux whose files lie below another root.</summary>
    internal static MemoryAvailability ReadLinux(string root) =>
        From(new LinuxSystem(new SystemFiles(root)).ReadMemory());

    private static MemoryAvailability From(SystemFacts facts) =>
        new(
            facts.MemoryAvailableBytes,
            facts.Cgroup?.Tightest?.LimitBytes,
            facts.Cgroup?.Tightest?.UsageBytes,
            facts.Cgroup?.Tightest?.InactiveFileBytes
        );
}
