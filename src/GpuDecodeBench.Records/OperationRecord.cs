using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>One operation of a decode step. Times, bytes and operations are those of all its <see cref="Count"/> executions in one step together.</summary>
public sealed record OperationRecord : IJsonOnDeserialized
{
    /// <summary>Why an operation's time is not known: the code of docs/method.md, which stands among the point's warnings too.</summary>
    public const string TimesUncertain = "operationTimesUncertain";

    private double? _seconds;
    private ProvenanceNote? _provenance;

    /// <summary>The operation's name.</summary>
    public required string Name { get; init; }

    /// <summary>The kind of operation, for example <c>matVec</c> or <c>attention</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>How many times the step executes it.</summary>
    public required int Count { get; init; }

    /// <summary>
    /// The time of all executions in one step together, in seconds; null where it is not known, and <see cref="Provenance"/> says why.
    /// A zero, with which the first records said that, is read as null.
    /// </summary>
    public double? Seconds
    {
        get => _seconds;
        init => _seconds = value;
    }

    /// <summary>
    /// Where <see cref="Seconds"/> comes from, where that is not what the point's note on <c>operations</c> says: extrapolated from
    /// some of the executions, or unavailable.
    /// </summary>
    public ProvenanceNote? Provenance
    {
        get => _provenance;
        init => _provenance = value;
    }

    /// <summary>Bytes read from memory.</summary>
    public required long ReadBytes { get; init; }

    /// <summary>Bytes written to memory.</summary>
    public required long WriteBytes { get; init; }

    /// <summary>Bytes of weights read; part of <see cref="ReadBytes"/>.</summary>
    public required long WeightReadBytes { get; init; }

    /// <summary>Bytes of keys and values read; part of <see cref="ReadBytes"/>.</summary>
    public required long KvReadBytes { get; init; }

    /// <summary>Floating-point operations.</summary>
    public required long Flops { get; init; }

    /// <summary>The shortest time that the roofline allows, in seconds; null where there is no ceiling to compute it from.</summary>
    public double? RooflineSeconds { get; init; }

    /// <summary>What the roofline says limits it: <c>memory</c> or <c>compute</c>; null without a roofline.</summary>
    public string? Bound { get; init; }

    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }

    /// <inheritdoc/>
    void IJsonOnDeserialized.OnDeserialized()
    {
        if (_seconds is 0)
        {
            _seconds = null;
            _provenance ??= ProvenanceNote.Unavailable(TimesUncertain);
        }
    }
}
