using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>The device memory of a point.</summary>
public sealed record MemoryRecord
{
    /// <summary>Bytes that the plan asks for.</summary>
    public required long PlannedBytes { get; init; }

    /// <summary>Bytes that were allocated.</summary>
    public required long AllocatedBytes { get; init; }

    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }
}
