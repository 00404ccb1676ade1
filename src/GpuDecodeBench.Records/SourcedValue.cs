namespace GpuDecodeBench.Records;

/// <summary>A figure of the hardware catalogue as one source gives it.</summary>
/// <param name="Value">The value, in the unit of the field that lists it.</param>
/// <param name="Source">The key of the source; see <see cref="HardwareCatalogue.Sources"/>.</param>
public sealed record SourcedValue(double Value, string Source);
