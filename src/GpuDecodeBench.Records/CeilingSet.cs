using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>What the device was seen to reach, in this run, with nothing to do but the one thing. The second yardstick.</summary>
public sealed record CeilingSet
{
    /// <summary>The highest rate of reading memory, in bytes per second.</summary>
    public required Figure ReadBytesPerSecond { get; init; }

    /// <summary>The highest rate of copying memory, bytes read and bytes written both counted, in bytes per second.</summary>
    public required Figure CopyBytesPerSecond { get; init; }

    /// <summary>The highest rate of writing memory, in bytes per second.</summary>
    public required Figure WriteBytesPerSecond { get; init; }

    /// <summary>The highest rate of arithmetic, in floating-point operations per second.</summary>
    public required Figure FlopsPerSecond { get; init; }

    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }
}
