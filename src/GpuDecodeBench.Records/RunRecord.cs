using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>One run of the benchmark on one device: the one artefact that everything downstream reads, <c>run.json</c>.</summary>
public sealed record RunRecord
{
    /// <summary>The version of the record's form; <see cref="RunRecordStore.SchemaVersion"/>.</summary>
    public required string SchemaVersion { get; init; }

    /// <summary>The program that wrote the record.</summary>
    public required ToolInfo Tool { get; init; }

    /// <summary>When the run began; the offset is zero.</summary>
    public required DateTimeOffset StartedUtc { get; init; }

    /// <summary>The command line.</summary>
    public required string Command { get; init; }

    /// <summary>The machine and the software.</summary>
    public required EnvironmentInfo Environment { get; init; }

    /// <summary>The device.</summary>
    public required DeviceInfo Device { get; init; }

    /// <summary>What the device was seen to reach in this run.</summary>
    public required CeilingSet Ceilings { get; init; }

    /// <summary>The model.</summary>
    public required ModelInfo Model { get; init; }

    /// <summary>The seed of all random data.</summary>
    public required ulong Seed { get; init; }

    /// <summary>The preset of the measurement, for example <c>standard</c>.</summary>
    public required string Preset { get; init; }

    /// <summary>What the device costs; null where no price was given.</summary>
    public PriceInfo? Price { get; init; }

    /// <summary>How the device's kernels were chosen; null where none were tried.</summary>
    public TuningRecord? Tuning { get; init; }

    /// <summary>What was read of the device's sensors along the run; null in records of versions that read none.</summary>
    public TelemetryRecord? Telemetry { get; init; }

    /// <summary>The measured configurations.</summary>
    public required IReadOnlyList<PointRecord> Points { get; init; }

    /// <summary>Remarks on the run, each a sentence; configurations that could not be measured among them.</summary>
    public required IReadOnlyList<string> Notes { get; init; }

    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }
}
