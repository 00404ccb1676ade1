using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics;

/// <summary>What a cost is computed with besides the measurement.</summary>
public sealed record CostOptions
{
    /// <summary>The price of one device, in US dollars per hour; null takes the record's, else the assumed one.</summary>
    public Figure? UsdPerHour { get; init; }

    /// <summary>The fraction of paid time, above 0 and at most 1; null takes the record's, else the assumed one.</summary>
    public Figure? Utilization { get; init; }

    /// <summary>Whether invalid and throttled points are priced too; such costs are marked.</summary>
    public bool IncludeInvalid { get; init; }
}
