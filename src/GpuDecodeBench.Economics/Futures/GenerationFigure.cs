namespace GpuDecodeBench.Economics.Futures;

/// <summary>A figure of a device that the hardware catalogue does not have.</summary>
/// <param name="Symbol">An input of <see cref="GenerationEquations"/>.</param>
/// <param name="Value">The value, in that input's unit.</param>
/// <param name="Source">The key of the source; see <see cref="OutlookCatalogue.Sources"/>.</param>
public sealed record GenerationFigure(string Symbol, double Value, string Source);
