using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>What the device costs while it runs.</summary>
public sealed record PriceInfo
{
    /// <summary>The price of the device, in US dollars per hour.</summary>
    public required Figure UsdPerHour { get; init; }

    /// <summary>The fraction of paid time in which the device does the measured work, 0 to 1.</summary>
    public required Figure Utilization { get; init; }

    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }
}
