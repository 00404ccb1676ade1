using GpuDecodeBench.Measurement.Telemetry.Recording;

namespace GpuDecodeBench.Measurement.Telemetry.Traces;

/// <summary>What a source told along a stretch of time, with what happened meanwhile: enough to work out every energy again.</summary>
public sealed record TelemetryTrace
{
    /// <summary>The source's name.</summary>
    public required string Source { get; init; }

    /// <summary>What the source reads and where its limits are.</summary>
    public string Description { get; init; } = "";

    /// <summary>The device's name.</summary>
    public string DeviceName { get; init; } = "";

    /// <summary>How often the sensors had something new, in seconds, as far as the source knew.</summary>
    public required double UpdatePeriodSeconds { get; init; }

    /// <summary>The samples, each later than the one before.</summary>
    public required IReadOnlyList<TelemetrySample> Samples { get; init; }

    /// <summary>The events, in order.</summary>
    public IReadOnlyList<TelemetryEvent> Events { get; init; } = [];

    /// <summary>Samples that were dropped, because their time was not after that of the one before.</summary>
    public int DroppedSamples { get; init; }

    /// <summary>The samples as entries.</summary>
    public IReadOnlyList<TelemetryEntry> Entries()
    {
        var entries = new List<TelemetryEntry>(Samples.Count);
        TelemetrySample? before = null;
        foreach (TelemetrySample sample in Samples)
        {
            entries.Add(TelemetryEntry.Of(sample, before));
            before = sample;
        }

        return entries;
    }
}
