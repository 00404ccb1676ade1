using GpuDecodeBench.Economics.Equations;

namespace GpuDecodeBench.Economics.Sensitivity;

/// <summary>All values of a system with one input changed.</summary>
/// <param name="Input">The input.</param>
/// <param name="Value">Its value here, in its own unit.</param>
/// <param name="Label">What the value stands for, for example a region; null for nothing but itself.</param>
/// <param name="Evaluation">Everything computed with it.</param>
public sealed record SweepPoint(ModelInput Input, double Value, string? Label, Evaluation Evaluation);
