using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Layers;

/// <summary>One layer of a cost stack.</summary>
/// <param name="Kind">Which.</param>
/// <param name="UsdPerDeviceHour">Dollars per device and hour of calendar time.</param>
/// <param name="UsdPerMillionTokens">Dollars per million output tokens.</param>
/// <param name="UsdPerMillionInputTokens">Dollars per million input tokens.</param>
/// <param name="Share">The share of the total, a fraction; null where the total is not known.</param>
/// <param name="IsInTheRent">Whether the layer is paid with the rent, and its own figure therefore zero.</param>
public sealed record CostLayer(
    CostLayerKind Kind,
    Figure UsdPerDeviceHour,
    Figure UsdPerMillionTokens,
    Figure UsdPerMillionInputTokens,
    double? Share,
    bool IsInTheRent
)
{
    /// <summary>What the equations of the scenario call the layer: a rent is no capital.</summary>
    public string Name { get; init; } = Kind.Name;
}
