using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Comparison;

/// <summary>A run record that is compared.</summary>
/// <param name="Name">Where it comes from, for example its file.</param>
/// <param name="Record">The record.</param>
public sealed record ComparisonRun(string Name, RunRecord Record);
