namespace GpuDecodeBench.Backends.Cpu;

/// <summary>What the CPU backend needs to know of the machine it runs on. Null means not known.</summary>
public interface IHostInformation
{
    /// <summary>The CPU's model name.</summary>
    string? CpuName { get; }

    /// <summary>Physical memory in bytes, or the container's limit where that is smaller.</summary>
    long? MemoryBytes { get; }

    /// <summary>Memory that could be allocated now without swapping and within the container's limit, in bytes.</summary>
    long? AvailableMemoryBytes { get; }

    /// <summary>All last-level caches that the usable processors see, in bytes.</summary>
    long? LastLevelCacheBytes { get; }
}
