namespace GpuDecodeBench.Measurement.Comparison;

/// <summary>Why two points cannot be compared, or why a difference is not called one.</summary>
/// <param name="Code">A code of <see cref="ComparisonReasonCodes"/>.</param>
/// <param name="Detail">In words, with the values of both sides.</param>
/// <param name="Of">Codes of a record's point that are the reason; null where there are none.</param>
public sealed record ComparisonReason(string Code, string Detail, IReadOnlyList<string>? Of = null);
