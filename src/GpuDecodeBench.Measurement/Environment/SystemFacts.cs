using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Environment;

/// <summary>What an operating system says about the machine. Null means that it does not say.</summary>
internal sealed record SystemFacts
{
    /// <summary>The system's name and version.</summary>
    public string? OperatingSystem { get; init; }

    /// <summary>The kernel's version.</summary>
    public string? Kernel { get; init; }

    /// <summary>The CPU's model name.</summary>
    public string? CpuModel { get; init; }

    /// <summary>Logical processors of the machine.</summary>
    public int? LogicalProcessors { get; init; }

    /// <summary>Data and unified caches.</summary>
    public IReadOnlyList<CacheInfo> Caches { get; init; } = [];

    /// <summary>Physical memory.</summary>
    public long? MemoryTotalBytes { get; init; }

    /// <summary>Physical memory to be had without swapping.</summary>
    public long? MemoryAvailableBytes { get; init; }

    /// <summary>What control groups allow; null where there are none.</summary>
    public CgroupLimits? Cgroup { get; init; }

    /// <summary>The load average of the last minute.</summary>
    public double? LoadAverage1Minute { get; init; }

    /// <summary>The policy for transparent huge pages.</summary>
    public string? TransparentHugePages { get; init; }

    /// <summary>Whether the CPU reports a hypervisor.</summary>
    public bool? Virtualised { get; init; }
}
