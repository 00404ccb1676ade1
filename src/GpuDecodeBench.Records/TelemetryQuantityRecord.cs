using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>Whether and how a source tells a quantity.</summary>
public sealed record TelemetryQuantityRecord
{
    /// <summary>The quantity, for example <c>energyCounter</c>.</summary>
    public required string Quantity { get; init; }

    /// <summary>How it is read, for example <c>nvml.totalEnergyConsumption</c>.</summary>
    public required string Method { get; init; }

    /// <summary>The code of why it cannot be read; null where it can.</summary>
    public string? Reason { get; init; }

    /// <summary>The scope of the reading, or in a sentence why it cannot be read and what would help.</summary>
    public string? Detail { get; init; }

    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }
}
