using GpuDecodeBench.Backends.Diagnostics;
using GpuDecodeBench.Measurement.Telemetry;

namespace GpuDecodeBench.Measurement.Doctor;

/// <summary>A phase of the load: how fast it went, and what sensors said meanwhile.</summary>
/// <param name="Kind">What the device did.</param>
/// <param name="Batches">Its rate, about ten times a second.</param>
/// <param name="Samples">What the sensors said; empty without telemetry.</param>
public sealed record LoadObservation(
    LoadKind Kind,
    IReadOnlyList<LoadBatch> Batches,
    IReadOnlyList<TelemetrySample> Samples
);
