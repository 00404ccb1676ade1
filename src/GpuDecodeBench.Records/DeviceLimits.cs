using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>Limits set on the device during the run. Null means not known, never zero.</summary>
public sealed record DeviceLimits
{
    /// <summary>The power limit in force, in watts.</summary>
    public double? PowerLimitWatts { get; init; }

    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }
}
