using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Sensitivity;

namespace GpuDecodeBench.Economics.Futures;

/// <summary>The components of a cost in a year.</summary>
/// <param name="Year">The year.</param>
/// <param name="Values">The evaluated <see cref="ProjectionEquations"/>.</param>
/// <param name="Range">What the uncertainty of the assumptions makes of the total.</param>
public sealed record ProjectedYear(int Year, Evaluation Values, UncertainResult Range);
