namespace GpuDecodeBench.Measurement.Runs;

/// <summary>Where a run stands.</summary>
/// <param name="Stage">What is being done, in a few words.</param>
/// <param name="Fraction">The share of the stage that is done, 0 to 1; null where it cannot be known.</param>
/// <param name="SecondsLeft">Time that the stage may still take; null where it cannot be known.</param>
/// <param name="Latest">The latest figure worth showing, in words; null where there is none.</param>
public sealed record RunProgress(string Stage, double? Fraction, double? SecondsLeft, string? Latest);
