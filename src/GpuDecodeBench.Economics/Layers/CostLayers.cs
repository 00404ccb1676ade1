namespace GpuDecodeBench.Economics.Layers;

/// <summary>The layers, in the order in which they are shown.</summary>
public static class CostLayers
{
    /// <summary>All layers together.</summary>
    public static CostLayerKind Total { get; } = new("total", "all layers", "usd_all");

    /// <summary>Those that add up to <see cref="Total"/>.</summary>
    public static IReadOnlyList<CostLayerKind> Parts { get; } =
    [
        new("capital", "capital", "usd_capital"),
        new("power", "device electricity", "usd_power"),
        new("facility", "facility", "usd_facility"),
        new("nand", "storage", "usd_nand"),
        new("network", "network", "usd_network"),
        new("labour", "labour and software", "usd_labour"),
        new("extras", "egress and licences", "usd_extras"),
    ];

    /// <summary>The parts and the total.</summary>
    public static IReadOnlyList<CostLayerKind> All { get; } = [.. Parts, Total];
}
