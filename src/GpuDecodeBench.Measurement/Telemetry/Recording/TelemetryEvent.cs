namespace GpuDecodeBench.Measurement.Telemetry.Recording;

/// <summary>An instant worth knowing beside the samples.</summary>
/// <param name="Seconds">When, in seconds of the samples' clock.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Label">The point's name; null where the kind has none.</param>
/// <param name="Count">Steps; null where the kind has none.</param>
public sealed record TelemetryEvent(double Seconds, TelemetryEventKind Kind, string? Label = null, long? Count = null);
