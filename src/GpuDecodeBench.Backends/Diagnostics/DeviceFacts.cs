namespace GpuDecodeBench.Backends.Diagnostics;

/// <summary>What a device's driver, or the system, says of it: self-report, to be held against what is measured. Null means not told.</summary>
public sealed record DeviceFacts
{
    /// <summary>The name.</summary>
    public required string Name { get; init; }

    /// <summary>The device's unique identity; null where hidden.</summary>
    public string? Uuid { get; init; }

    /// <summary>Its place on the PCI bus.</summary>
    public string? PciBusId { get; init; }

    /// <summary>All memory, in bytes.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Memory that is free for anyone, in bytes.</summary>
    public long? FreeBytes { get; init; }

    /// <summary>Multiprocessors (compute units) of a GPU, threads of a CPU's team.</summary>
    public int? MultiprocessorCount { get; init; }

    /// <summary>The width of the memory bus, in bits.</summary>
    public int? MemoryBusBits { get; init; }

    /// <summary>The highest clock of the cores, in Hz.</summary>
    public double? CoreClockHz { get; init; }

    /// <summary>The highest clock of the memory, in Hz.</summary>
    public double? MemoryClockHz { get; init; }

    /// <summary>The last-level cache, in bytes.</summary>
    public long? LastLevelCacheBytes { get; init; }

    /// <summary>The compute capability as one number, 90 for 9.0; null for what has none.</summary>
    public int? ComputeCapability { get; init; }

    /// <summary>Whether memory errors are corrected.</summary>
    public bool? HasEcc { get; init; }

    /// <summary>Whether it looks like a MIG instance: a part of a GPU.</summary>
    public bool? IsMigInstance { get; init; }

    /// <summary>The newest CUDA version that the driver supports: 1000 times the major and 10 times the minor number.</summary>
    public int? CudaVersion { get; init; }

    /// <summary>Whether it is the host's own processor: its memory is the host's, and others work on it as well.</summary>
    public required bool IsHost { get; init; }

    /// <summary>Whether it is emulated: results count, times mean nothing.</summary>
    public required bool IsEmulated { get; init; }
}
