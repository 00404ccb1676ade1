namespace GpuDecodeBench.Economics.Scenarios;

/// <summary>A value that is assumed where nobody gives one.</summary>
/// <param name="Symbol">The symbol of the layers' equations.</param>
/// <param name="Name">What it is.</param>
/// <param name="Unit">The unit of the values.</param>
/// <param name="Low">The lowest credible value.</param>
/// <param name="Likely">The most likely value.</param>
/// <param name="High">The highest credible value.</param>
/// <param name="Source">The key of the source; see <see cref="AssumptionCatalogue.Sources"/>.</param>
/// <param name="Date">When the source was read, or of when its figure is.</param>
/// <param name="For">What it holds for: a device of the hardware catalogue, a class of them, a region, a way of cooling, an ownership; null where it holds for all.</param>
/// <param name="Note">What else a reader should know; null where there is nothing.</param>
public sealed record Assumption(
    string Symbol,
    string Name,
    string Unit,
    double Low,
    double Likely,
    double High,
    string Source,
    string Date,
    string? For = null,
    string? Note = null
);
