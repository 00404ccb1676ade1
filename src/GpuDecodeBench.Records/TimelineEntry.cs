using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>What was read of the device at one instant, or the mean and the extremes since the entry before. Null means not told, never zero.</summary>
public sealed record TimelineEntry
{
    /// <summary>Since the point's first turn, in seconds.</summary>
    public required double Seconds { get; init; }

    /// <summary>Power, in watts.</summary>
    public double? Watts { get; init; }

    /// <summary>The highest power, in watts.</summary>
    public double? PeakWatts { get; init; }

    /// <summary>The clock of the cores, the lowest that was read, in Hz.</summary>
    public double? CoreClockHz { get; init; }

    /// <summary>The clock of the memory, in Hz.</summary>
    public double? MemoryClockHz { get; init; }

    /// <summary>The temperature, the highest that was read, in °C.</summary>
    public double? TemperatureCelsius { get; init; }

    /// <summary>Why clocks were lowered.</summary>
    public required IReadOnlyList<string> ThrottleReasons { get; init; }

    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }
}
