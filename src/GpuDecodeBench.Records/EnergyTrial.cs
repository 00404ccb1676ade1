using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>One trial of a point's energy.</summary>
public sealed record EnergyTrial
{
    /// <summary>How long the counted part of the load was, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Steps in it.</summary>
    public required long Steps { get; init; }

    /// <summary>Stretches of load that it was cut into; more than one where a sensor that looks part of the time is met at random phases.</summary>
    public required int Segments { get; init; }

    /// <summary>The mean power by the energy counter, in watts; null where <see cref="CounterReason"/> says why.</summary>
    public double? CounterWatts { get; init; }

    /// <summary>The code of why the counter gave none.</summary>
    public string? CounterReason { get; init; }

    /// <summary>Times that the counter was seen to move.</summary>
    public required int CounterUpdates { get; init; }

    /// <summary>The mean power by integrated readings, in watts; null where <see cref="IntegratedReason"/> says why.</summary>
    public double? IntegratedWatts { get; init; }

    /// <summary>The code of why the readings gave none.</summary>
    public string? IntegratedReason { get; init; }

    /// <summary>Power readings that the integral rests on.</summary>
    public required int PowerReadings { get; init; }

    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }
}
