using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>One operation of a decode step. Times, bytes and operations are those of all its <see cref="Count"/> executions in one step together.</summary>
public sealed record OperationRecord
{
    /// <summary>The operation's name.</summary>
    public required string Name { get; init; }

    /// <summary>The kind of operation, for example <c>matVec</c> or <c>attention</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>How many times the step executes it.</summary>
    public required int Count { get; init; }

    /// <summary>The time of all executions in one step together, in seconds.</summary>
    public required double Seconds { get; init; }

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
}
