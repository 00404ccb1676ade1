namespace GpuDecodeBench.Measurement.Comparison;

/// <summary>One side of a comparison: a run, or several runs of the same thing.</summary>
/// <param name="Name">What the side is called.</param>
/// <param name="Runs">Its runs; at least one.</param>
public sealed record ComparisonSide(string Name, IReadOnlyList<ComparisonRun> Runs);
