namespace GpuDecodeBench.Economics.Scenarios;

/// <summary>The form of <c>Data/assumptions.json</c>.</summary>
internal sealed record AssumptionFile
{
    /// <summary>How to read the file, in sentences.</summary>
    public required IReadOnlyList<string> About { get; init; }

    /// <summary>The sources.</summary>
    public required IReadOnlyList<PriceSource> Sources { get; init; }

    /// <summary>The assumptions.</summary>
    public required IReadOnlyList<Assumption> Assumptions { get; init; }
}
