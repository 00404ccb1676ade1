using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>The check of a point's results against the double-precision reference.</summary>
public sealed record VerificationRecord
{
    /// <summary>Whether every checked operation was within the bound.</summary>
    public required bool Passed { get; init; }

    /// <summary>Operations that were checked.</summary>
    public required int CheckedOperations { get; init; }

    /// <summary>The name of the operation with the largest error; null where none was checked.</summary>
    public string? Worst { get; init; }

    /// <summary>The largest relative error, a fraction; null where none was checked or a result was not finite.</summary>
    public double? WorstRelativeError { get; init; }

    /// <summary>The largest relative error that passes, a fraction.</summary>
    public required double Bound { get; init; }

    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }
}
