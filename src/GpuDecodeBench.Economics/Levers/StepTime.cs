using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Levers;

/// <summary>How long a step takes, or why that is not known.</summary>
/// <param name="Seconds">The step, in seconds; null exactly where the provenance is unavailable.</param>
/// <param name="Provenance">Where it comes from.</param>
public sealed record StepTime(double? Seconds, ProvenanceNote Provenance);
