using GpuDecodeBench.Measurement.Telemetry.Validity;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Runs;

/// <summary>What a point's record says of telemetry.</summary>
/// <param name="Power">The mean power under load, in watts.</param>
/// <param name="JoulesPerToken">The gross energy of a token of the whole model, in joules.</param>
/// <param name="Verdict">What is wrong with the point.</param>
/// <param name="ThrottleProvenance">Whether reasons for lowered clocks could be seen.</param>
/// <param name="Record">The rest; null without a source.</param>
internal sealed record PointTelemetryResult(
    Figure Power,
    Figure JoulesPerToken,
    TelemetryVerdict Verdict,
    ProvenanceNote ThrottleProvenance,
    PointTelemetry? Record
);
