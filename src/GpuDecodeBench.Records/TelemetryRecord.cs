using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>What was read of the device's sensors along a run, and what the device said of itself.</summary>
public sealed record TelemetryRecord
{
    /// <summary>The source, for example <c>nvml</c>; <c>none</c> where there is none.</summary>
    public required string Source { get; init; }

    /// <summary>What the source reads and where its limits are, in a sentence.</summary>
    public required string Description { get; init; }

    /// <summary>Every quantity, with how it was read or why it was not.</summary>
    public required IReadOnlyList<TelemetryQuantityRecord> Quantities { get; init; }

    /// <summary>The power of the device before the run, opened and with nothing to do, in watts.</summary>
    public required Figure IdleWatts { get; init; }

    /// <summary>How the power sensor behaves; null where there is none.</summary>
    public SensorRecord? Sensor { get; init; }

    /// <summary>What the device said of itself before the run; null where it was not asked.</summary>
    public DeviceStateRecord? State { get; init; }

    /// <summary>The time spent in the source's reads over the time recorded, a fraction; null where nothing was recorded.</summary>
    public double? CostShare { get; init; }

    /// <summary>Reads that failed.</summary>
    public required int FailedReads { get; init; }

    /// <summary>Samples that were dropped, because their time was not after that of the one before.</summary>
    public required int DroppedSamples { get; init; }

    /// <summary>The file beside the record that holds all samples; null where none was written.</summary>
    public string? TraceFile { get; init; }

    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }
}
