namespace GpuDecodeBench.Economics.Futures;

/// <summary>A price that was charged.</summary>
/// <param name="Name">What for.</param>
/// <param name="UsdPerMillionTokens">US dollars for a million output tokens.</param>
/// <param name="Year">When.</param>
/// <param name="Source">The key of the source (<see cref="OutlookCatalogue.Sources"/>), or <c>user</c>.</param>
public sealed record PricePoint(string Name, double UsdPerMillionTokens, double Year, string Source);
