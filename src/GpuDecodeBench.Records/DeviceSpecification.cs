using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>What the device's makers say of it, as the hardware catalogue gives it. Null means not known, never zero.</summary>
public sealed record DeviceSpecification
{
    /// <summary>The catalogue's name of the device.</summary>
    public required string Name { get; init; }

    /// <summary>The memory bandwidth, in bytes per second.</summary>
    public double? MemoryBytesPerSecond { get; init; }

    /// <summary>The memory, in bytes.</summary>
    public long? MemoryBytes { get; init; }

    /// <summary>Dense BF16 matrix throughput, in floating-point operations per second.</summary>
    public double? Bf16FlopsPerSecond { get; init; }

    /// <summary>Dense FP8 matrix throughput, in floating-point operations per second.</summary>
    public double? Fp8FlopsPerSecond { get; init; }

    /// <summary>Dense FP4 matrix throughput, in floating-point operations per second.</summary>
    public double? Fp4FlopsPerSecond { get; init; }

    /// <summary>Thermal design power, in watts.</summary>
    public double? TdpWatts { get; init; }

    /// <summary>The link to other devices, one way, in bytes per second.</summary>
    public double? LinkBytesPerSecond { get; init; }

    /// <summary>Where the figures come from.</summary>
    public required string Source { get; init; }

    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }
}
