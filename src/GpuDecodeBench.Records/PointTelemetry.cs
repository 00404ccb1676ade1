using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>What a point cost in energy and how the device was meanwhile. Energies are of a step over the measured layers, unless they say otherwise.</summary>
public sealed record PointTelemetry
{
    /// <summary>The source, for example <c>nvml</c>.</summary>
    public required string Source { get; init; }

    /// <summary>The gross energy of a step, in joules: by the counter where there is one, else by integrated readings.</summary>
    public required Figure JoulesPerStep { get; init; }

    /// <summary>The gross energy of a step by the energy counter, in joules.</summary>
    public required Figure CounterJoulesPerStep { get; init; }

    /// <summary>The gross energy of a step by integrated power readings, in joules.</summary>
    public required Figure IntegratedJoulesPerStep { get; init; }

    /// <summary>The one over the other.</summary>
    public required Figure CounterOverIntegrated { get; init; }

    /// <summary>The energy of a step without what the idle device would have taken, in joules.</summary>
    public required Figure IdleSubtractedJoulesPerStep { get; init; }

    /// <summary>The same of a token of the whole model, in joules.</summary>
    public required Figure IdleSubtractedJoulesPerToken { get; init; }

    /// <summary>Tokens of the whole model for a joule of gross energy.</summary>
    public required Figure TokensPerJoule { get; init; }

    /// <summary>The highest power reading, in watts; what lies between two readings is not seen.</summary>
    public required Figure PeakWatts { get; init; }

    /// <summary>The mean power over the limit in force, a fraction.</summary>
    public required Figure FractionOfPowerLimit { get; init; }

    /// <summary>Gross energy over the bits of weights and KV that a step must read, in pJ.</summary>
    public required Figure PicojoulesPerBit { get; init; }

    /// <summary>The same without what the idle device would have taken, in pJ.</summary>
    public required Figure IdleSubtractedPicojoulesPerBit { get; init; }

    /// <summary>What is commonly given for moving a bit in memory, in pJ, to hold the others against.</summary>
    public required Figure ReferencePicojoulesPerBit { get; init; }

    /// <summary>The largest less the smallest idle-subtracted energy of the trials over their median, a fraction.</summary>
    public required Figure TrialSpread { get; init; }

    /// <summary>The median clock of the cores under load, in Hz.</summary>
    public required Figure MedianCoreClockHz { get; init; }

    /// <summary>The median clock of the memory under load, in Hz.</summary>
    public required Figure MedianMemoryClockHz { get; init; }

    /// <summary>The highest temperature under load, in °C.</summary>
    public required Figure HighestTemperatureCelsius { get; init; }

    /// <summary>The trials; empty where energy was not measured.</summary>
    public required IReadOnlyList<EnergyTrial> Trials { get; init; }

    /// <summary>What was read along the point, thinned to at most 200 entries; peaks and reasons survive the thinning.</summary>
    public required IReadOnlyList<TimelineEntry> Timeline { get; init; }

    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }
}
