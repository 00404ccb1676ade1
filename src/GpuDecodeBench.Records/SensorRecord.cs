using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>How the power sensor and the energy counter behave in time: measured by a load that goes on and off, else assumed.</summary>
public sealed record SensorRecord
{
    /// <summary>The time between two new power values, in seconds.</summary>
    public required Figure UpdateSeconds { get; init; }

    /// <summary>Over how long an instant value is the mean, in seconds.</summary>
    public required Figure InstantWindowSeconds { get; init; }

    /// <summary>Over how long an average value is the mean, in seconds.</summary>
    public required Figure AverageWindowSeconds { get; init; }

    /// <summary>How long after the end of its window a value appears, in seconds.</summary>
    public required Figure LagSeconds { get; init; }

    /// <summary>Energy by the counter over that by integrated readings under the load that goes on and off: whether the counter sees all of the time.</summary>
    public required Figure DutyCycleCounterOverIntegrated { get; init; }

    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }
}
