using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>The device that a run took place on.</summary>
public sealed record DeviceInfo
{
    /// <summary>The identifier on the command line: <c>cpu</c>, <c>cuda:0</c>, <c>emulator</c>.</summary>
    public required string Id { get; init; }

    /// <summary>The name that the driver or the operating system reports.</summary>
    public required string Name { get; init; }

    /// <summary>The backend that executed the work, for example <c>cpu</c> or <c>cuda</c>.</summary>
    public required string Backend { get; init; }

    /// <summary>What of the device the backend uses, for example the SIMD path of a CPU's kernels; null where there is nothing to say.</summary>
    public string? Detail { get; init; }

    /// <summary>The device's memory as the driver reports it, in bytes; null where not known.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>The last-level cache, in bytes; null where not known.</summary>
    public long? LastLevelCacheBytes { get; init; }

    /// <summary>What the catalogue knows of the device; null where it knows no such device.</summary>
    public DeviceSpecification? Specification { get; init; }

    /// <summary>The clocks that the driver reports; null where none are reported.</summary>
    public ClockInfo? Clocks { get; init; }

    /// <summary>The limits in force; null where none are reported.</summary>
    public DeviceLimits? Limits { get; init; }

    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }
}
