using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>How the device's kernels were chosen by trying, before anything was checked or timed.</summary>
public sealed record TuningRecord
{
    /// <summary>The time that was spent on trying, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Whether the time limit left something untried; that was launched as the backend guesses.</summary>
    public required bool EndedByLimit { get; init; }

    /// <summary>The shapes whose choice was found, in the order in which they were.</summary>
    public required IReadOnlyList<TunedShape> Shapes { get; init; }

    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }
}
