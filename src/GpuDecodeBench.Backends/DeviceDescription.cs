namespace GpuDecodeBench.Backends;

/// <summary>A device that a backend found, or could have found, and what is known of it.</summary>
public sealed record DeviceDescription
{
    /// <summary>How the device is named on the command line: <c>cpu</c>, <c>cuda:0</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The name that the device reports of itself.</summary>
    public required string Name { get; init; }

    /// <summary>The backend that drives it.</summary>
    public required string Backend { get; init; }

    /// <summary>Why the device cannot be used; null where it can.</summary>
    public string? UnavailableReason { get; init; }

    /// <summary>Memory of the device in bytes; null where it is not known.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Its last-level cache in bytes; null where it is not known.</summary>
    public long? LastLevelCacheBytes { get; init; }

    /// <summary>
    /// Its unique identity as the maker's tools print it: <c>GPU-…</c>, or <c>MIG-…</c> for a part of a GPU; null where it is not
    /// known.
    /// </summary>
    public string? Uuid { get; init; }

    /// <summary>Its place on the PCI bus, domain:bus:device.function; null where it is not known or has none.</summary>
    public string? PciBusId { get; init; }

    /// <summary>Host threads that its kernels run on; null where they run on the device.</summary>
    public int? Threads { get; init; }

    /// <summary>What a person should know beside the name, for example the vector instructions in use.</summary>
    public string? Detail { get; init; }

    /// <summary>What it runs instead of the program's own kernels; null for these, and while it is not open.</summary>
    public OtherKernels? OtherKernels { get; init; }

    /// <summary>The name, and that its kernels are not the program's own, where they are not: for titles of what they computed.</summary>
    public string NameWithKernels => OtherKernels is null ? Name : $"{Name}, {OtherKernels}";

    /// <summary>Whether the device is good for measuring; false for devices that only prove results.</summary>
    public bool IsForMeasuring { get; init; } = true;

    /// <summary>Whether the device can be opened.</summary>
    public bool IsAvailable => UnavailableReason is null;
}
