namespace GpuDecodeBench.Workload.Models;

/// <summary>A model of the catalogue: its shape, and where each fact about it comes from.</summary>
public sealed record CatalogueEntry
{
    /// <summary>The name to give on the command line, in lower case.</summary>
    public required string Name { get; init; }

    /// <summary>The repository on the Hugging Face Hub; null for a model made for tests.</summary>
    public string? HuggingFaceId { get; init; }

    /// <summary>The page of the configuration, or who made the model up.</summary>
    public required string Source { get; init; }

    /// <summary>The public copy that the configuration's values were read from; null for a model made for tests.</summary>
    public string? CheckedAgainst { get; init; }

    /// <summary>Where <see cref="ModelShape.PublishedParameters"/> comes from; null where no count is published.</summary>
    public string? ParametersSource { get; init; }

    /// <summary>The shape.</summary>
    public required ModelShape Shape { get; init; }

    /// <summary>Whether the model exists only to test with: it was never published.</summary>
    public bool IsSynthetic => HuggingFaceId is null;
}
