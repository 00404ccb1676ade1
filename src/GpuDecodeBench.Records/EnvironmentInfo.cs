using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>The machine and the software that a run took place on. Null means not known, never zero.</summary>
public sealed record EnvironmentInfo
{
    /// <summary>The operating system's own description of itself.</summary>
    public required string OperatingSystem { get; init; }

    /// <summary>The kernel's version.</summary>
    public string? Kernel { get; init; }

    /// <summary>The .NET runtime, for example <c>.NET 10.0.12</c>.</summary>
    public required string Runtime { get; init; }

    /// <summary>The instruction set of the process, for example <c>X64</c>.</summary>
    public required string Architecture { get; init; }

    /// <summary>The CPU's model name.</summary>
    public string? CpuModel { get; init; }

    /// <summary>Logical processors of the machine.</summary>
    public required int CpuLogicalCores { get; init; }

    /// <summary>Logical processors that this process may use (affinity and container limits applied).</summary>
    public required int CpuUsableCores { get; init; }

    /// <summary>Threads that the measured kernels ran on; null where the work ran on a GPU.</summary>
    public int? CpuThreadsUsed { get; init; }

    /// <summary>Vector instruction sets that the process can use, for example <c>avx2</c>, <c>avx512f</c>.</summary>
    public required IReadOnlyList<string> CpuFeatures { get; init; }

    /// <summary>The data and unified caches, as the operating system reports them; empty where it does not.</summary>
    public required IReadOnlyList<CacheInfo> Caches { get; init; }

    /// <summary>Physical memory, in bytes.</summary>
    public long? MemoryTotalBytes { get; init; }

    /// <summary>Memory that could be had without swapping when the run began, in bytes.</summary>
    public long? MemoryAvailableBytes { get; init; }

    /// <summary>The container's memory limit, in bytes; null where there is none.</summary>
    public long? ContainerMemoryLimitBytes { get; init; }

    /// <summary>The container's CPU limit in processors; null where there is none.</summary>
    public double? ContainerCpuLimit { get; init; }

    /// <summary>The load average of the last minute when the run began.</summary>
    public double? LoadAverage1Minute { get; init; }

    /// <summary>The policy for transparent huge pages: <c>always</c>, <c>madvise</c> or <c>never</c>.</summary>
    public string? TransparentHugePages { get; init; }

    /// <summary>Whether the CPU reports that it runs under a hypervisor.</summary>
    public bool? Virtualised { get; init; }

    /// <summary>The GPU driver's version; null where none was used.</summary>
    public string? Driver { get; init; }

    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }
}
