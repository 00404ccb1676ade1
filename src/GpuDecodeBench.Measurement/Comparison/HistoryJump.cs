namespace GpuDecodeBench.Measurement.Comparison;

/// <summary>A run from which on the step takes another time.</summary>
/// <param name="Index">The first run after it, in the order of the history.</param>
/// <param name="Ratio">The median of the runs after it up to the next jump over that of those before it back to the last: above 1 is slower.</param>
/// <param name="RatioAtEqualCeiling">The same of times multiplied by read ceilings; null where a run has none.</param>
/// <param name="PValue">How often runs in random order would show as much.</param>
public sealed record HistoryJump(int Index, double Ratio, double? RatioAtEqualCeiling, double PValue);
