namespace GpuDecodeBench.Economics;

/// <summary>The price that is assumed for a GPU where the user gives none.</summary>
/// <param name="Name">The device's name in the hardware catalogue.</param>
/// <param name="UsdPerHour">US dollars per device and hour.</param>
/// <param name="Source">The key of the source; see <see cref="PriceCatalogue.Sources"/>.</param>
public sealed record AssumedPrice(string Name, double UsdPerHour, string Source);
