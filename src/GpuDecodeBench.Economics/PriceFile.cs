namespace GpuDecodeBench.Economics;

/// <summary>The form of <c>Data/prices.json</c>.</summary>
internal sealed record PriceFile
{
    /// <summary>How to read the file, in sentences.</summary>
    public required IReadOnlyList<string> About { get; init; }

    /// <summary>The sources.</summary>
    public required IReadOnlyList<PriceSource> Sources { get; init; }

    /// <summary>The prices of GPUs.</summary>
    public required IReadOnlyList<AssumedPrice> Gpus { get; init; }

    /// <summary>The price of CPUs.</summary>
    public required AssumedCpuPrice Cpu { get; init; }

    /// <summary>The utilisation.</summary>
    public required AssumedFraction Utilization { get; init; }
}
