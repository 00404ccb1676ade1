namespace GpuDecodeBench.Economics.Futures;

/// <summary>The form of <c>Data/outlook.json</c>.</summary>
internal sealed record OutlookFile
{
    /// <summary>How to read the file, in sentences.</summary>
    public required IReadOnlyList<string> About { get; init; }

    /// <summary>The sources.</summary>
    public required IReadOnlyList<PriceSource> Sources { get; init; }

    /// <summary>The year for which the assumptions of a cost hold.</summary>
    public required int BaseYear { get; init; }

    /// <summary>The generations, the oldest first.</summary>
    public required IReadOnlyList<Generation> Generations { get; init; }

    /// <summary>The prices.</summary>
    public required IReadOnlyList<PricePoint> Prices { get; init; }

    /// <summary>The projections.</summary>
    public required IReadOnlyList<PublishedProjection> Projections { get; init; }
}
