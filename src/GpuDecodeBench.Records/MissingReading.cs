using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>Why a device did not tell something.</summary>
public sealed record MissingReading
{
    /// <summary>The field's JSON name.</summary>
    public required string Field { get; init; }

    /// <summary>The reason, as a code.</summary>
    public required string Reason { get; init; }

    /// <summary>The reason in a sentence; null where there is nothing more to say.</summary>
    public string? Detail { get; init; }

    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }
}
