using GpuDecodeBench.Measurement.Telemetry.Traces;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Runs;

/// <summary>How a run ended.</summary>
/// <param name="Record">Everything that was measured.</param>
/// <param name="Interrupted">Whether the user ended it early.</param>
/// <param name="FailedChecks">Points whose results differ from the reference, one sentence each; they were not timed.</param>
public sealed record RunOutcome(RunRecord Record, bool Interrupted, IReadOnlyList<string> FailedChecks)
{
    /// <summary>What ended the run before all points were measured; null where nothing did.</summary>
    public Exception? Fault { get; init; }

    /// <summary>Everything that the device's sensors told; null without telemetry.</summary>
    public TelemetryTrace? Trace { get; init; }
}
