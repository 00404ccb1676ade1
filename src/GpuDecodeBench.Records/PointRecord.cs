using System.Text.Json;
using System.Text.Json.Serialization;

namespace GpuDecodeBench.Records;

/// <summary>One measured configuration: formats, batch and context, with everything seen of it.</summary>
public sealed record PointRecord
{
    /// <summary>The weight format's name.</summary>
    public required string Weights { get; init; }

    /// <summary>The weight format's name of the LM head.</summary>
    public required string LmHead { get; init; }

    /// <summary>The KV format's name.</summary>
    public required string Kv { get; init; }

    /// <summary>
    /// Tokens in a block of the paged KV cache; null in records of before there was a choice, whose blocks have
    /// <see cref="KvBlockTokensUnlessSaid"/>.
    /// </summary>
    public int? KvBlockTokens { get; init; }

    /// <summary>Tokens in a block of records that do not say so.</summary>
    public const int KvBlockTokensUnlessSaid = 16;

    /// <summary>The format of activations, for example <c>fp32</c>.</summary>
    public required string Activations { get; init; }

    /// <summary>Sequences decoded together.</summary>
    public required int Batch { get; init; }

    /// <summary>Tokens of context of each sequence.</summary>
    public required int Context { get; init; }

    /// <summary>Devices that each layer is split over; 1 where it is whole.</summary>
    public required int TensorParallel { get; init; }

    /// <summary>Layers that were executed and timed.</summary>
    public required int LayersMeasured { get; init; }

    /// <summary>Layers of the whole model.</summary>
    public required int LayersTotal { get; init; }

    /// <summary>The time of a step over the measured layers, in seconds.</summary>
    public required StepStatistics StepSeconds { get; init; }

    /// <summary>Every sample of the step's time, in seconds, in the order taken.</summary>
    public required IReadOnlyList<double> SamplesSeconds { get; init; }

    /// <summary>
    /// The record's own <c>tokensPerSecond</c>, as it was written: over the mean step, in records before 30 November 2026 over the median.
    /// Readers take <c>TokensPerSecond</c> of <see cref="MeanStep"/>, which is over the mean step in both.
    /// </summary>
    [JsonPropertyName("tokensPerSecond")]
    public required double RecordedTokensPerSecond { get; init; }

    /// <summary>The record's own <c>tokensPerSecondPerUser</c>, as it was written.</summary>
    [JsonPropertyName("tokensPerSecondPerUser")]
    public required double RecordedTokensPerSecondPerUser { get; init; }

    /// <summary>The time of a step of the whole model, in seconds; the median itself where all layers were measured.</summary>
    public required double FullStepSeconds { get; init; }

    /// <summary>The lower end of the 95 % confidence interval of <see cref="FullStepSeconds"/>, in seconds; null where there is none.</summary>
    public double? FullStepCi95Low { get; init; }

    /// <summary>The upper end of the 95 % confidence interval of <see cref="FullStepSeconds"/>, in seconds; null where there is none.</summary>
    public double? FullStepCi95High { get; init; }

    /// <summary>Bytes that the measured layers' step reads from memory.</summary>
    public required long ReadBytes { get; init; }

    /// <summary>Bytes that the measured layers' step writes to memory.</summary>
    public required long WriteBytes { get; init; }

    /// <summary>Bytes of weights read; part of <see cref="ReadBytes"/>.</summary>
    public required long WeightReadBytes { get; init; }

    /// <summary>Bytes of keys and values read; part of <see cref="ReadBytes"/>.</summary>
    public required long KvReadBytes { get; init; }

    /// <summary>Floating-point operations of the measured layers' step.</summary>
    public required long Flops { get; init; }

    /// <summary>Weights and KV bytes that the measured layers' step must read, over the median, per second.</summary>
    public required double AchievedBytesPerSecond { get; init; }

    /// <summary>
    /// The read ceiling while this point was sampled, in bytes per second: the median of passes taken between its samples, so
    /// that a machine whose memory is shared with others does not flatter or belittle the point. Null without a ceiling.
    /// </summary>
    public double? ReadCeilingBytesPerSecond { get; init; }

    /// <summary>Achieved bandwidth over the datasheet's, a fraction; null where no datasheet figure is known.</summary>
    public double? MbuOfSpec { get; init; }

    /// <summary>
    /// The share of the read ceiling that was reached, a fraction: the median over the point's turns of each turn's share of its
    /// own ceiling. Null without a ceiling.
    /// </summary>
    public double? MbuOfCeiling { get; init; }

    /// <summary>The shortest time that the roofline allows the measured layers' step, in seconds; null without a ceiling.</summary>
    public double? RooflineSeconds { get; init; }

    /// <summary>What the roofline says limits the step: <c>memory</c> or <c>compute</c>; null without a ceiling.</summary>
    public string? Bound { get; init; }

    /// <summary>The mean power while the point was measured, in watts.</summary>
    public required Figure Power { get; init; }

    /// <summary>The gross energy of a token of the whole model, in joules.</summary>
    public required Figure EnergyJoulesPerToken { get; init; }

    /// <summary>Reasons for lowered clocks seen along the point; empty where none was seen. Where they cannot be seen, <see cref="Provenance"/> says so.</summary>
    public required IReadOnlyList<string> ThrottleReasons { get; init; }

    /// <summary>What the point cost in energy and how the device was meanwhile; null where there is no telemetry.</summary>
    public PointTelemetry? Telemetry { get; init; }

    /// <summary>Who had the host's processors; null where steps run on a device of its own, and in records of versions that did not look.</summary>
    public ProcessorTimeRecord? ProcessorTime { get; init; }

    /// <summary>The operations of the measured layers' step.</summary>
    public required IReadOnlyList<OperationRecord> Operations { get; init; }

    /// <summary>The sum of the operations' times over the step's median, a fraction; null where operations were not timed.</summary>
    public double? OperationsSecondsOverStep { get; init; }

    /// <summary>The device memory that the point took.</summary>
    public required MemoryRecord Memory { get; init; }

    /// <summary>The check of the point's results.</summary>
    public required VerificationRecord Verification { get; init; }

    /// <summary>Whether samples were taken in turn with those of other points.</summary>
    public required bool Interleaved { get; init; }

    /// <summary>The harness's own time over the step's, a fraction; noise can make it slightly negative; null where not measured.</summary>
    public double? HarnessOverheadFraction { get; init; }

    /// <summary>Whether the point may be used; false exactly where <see cref="InvalidReasons"/> says why.</summary>
    public required bool Valid { get; init; }

    /// <summary>Codes of what makes the point unusable; empty where it is valid.</summary>
    public required IReadOnlyList<string> InvalidReasons { get; init; }

    /// <summary>The record's own <c>warnings</c>, as they were written. Readers take <c>Warnings</c> of <see cref="MeanStep"/>.</summary>
    [JsonPropertyName("warnings")]
    public required IReadOnlyList<string> RecordedWarnings { get; init; }

    /// <summary>Where figures of this point come from, by their JSON names.</summary>
    public required IReadOnlyDictionary<string, ProvenanceNote> Provenance { get; init; }

    /// <summary>Fields that this version does not know; kept when the record is written again.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? UnknownFields { get; set; }
}
