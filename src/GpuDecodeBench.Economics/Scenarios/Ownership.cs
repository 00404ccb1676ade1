namespace GpuDecodeBench.Economics.Scenarios;

/// <summary>How the hardware is paid for.</summary>
public enum Ownership
{
    /// <summary>By the hour; electricity, building, storage and network of the provider are in the price and not counted again.</summary>
    Rented,

    /// <summary>Bought, and run in a facility whose costs are counted.</summary>
    Owned,
}
