using GpuDecodeBench.Measurement.Telemetry.Recording;

namespace GpuDecodeBench.Measurement.Telemetry.Validity;

/// <summary>A stretch of time and what was sampled in it.</summary>
/// <param name="BeginSeconds">Its begin, in seconds.</param>
/// <param name="EndSeconds">Its end, in seconds.</param>
/// <param name="Entries">The samples.</param>
public sealed record TelemetryWindow(double BeginSeconds, double EndSeconds, IReadOnlyList<TelemetryEntry> Entries);
