using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>One kind of cache of the CPU.</summary>
/// <param name="Level">1, 2, 3 …</param>
/// <param name="Type"><c>Data</c> or <c>Unified</c>.</param>
/// <param name="SizeBytes">The size of one instance, in bytes.</param>
/// <param name="Instances">How many of them the usable processors see.</param>
public sealed record CacheInfo(int Level, string Type, long SizeBytes, int Instances)
{
    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }
}
