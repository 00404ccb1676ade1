using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>Who had the host's processors while a point was sampled whose steps run on them.</summary>
public sealed record ProcessorTimeRecord
{
    /// <summary>
    /// The share of the samples' time in which the step's most held-up thread had work and another thread had its processor: what a step
    /// lost at least, since it ends with its last thread.
    /// </summary>
    public required Figure WaitingShare { get; init; }

    /// <summary>The share of the processor time that work wanted which the hypervisor gave to others (steal).</summary>
    public required Figure StolenShare { get; init; }

    /// <summary>The share of all processors, as the system shows them, that other processes took.</summary>
    public required Figure OthersShare { get; init; }

    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }
}
