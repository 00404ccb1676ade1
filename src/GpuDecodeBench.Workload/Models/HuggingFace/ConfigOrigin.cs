namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>What is known of a model besides its configuration.</summary>
/// <param name="Name">The model's name.</param>
/// <param name="Source">Where the configuration comes from.</param>
/// <param name="PublishedParameters">The published parameter count; null where none is known.</param>
internal sealed record ConfigOrigin(string Name, string Source, long? PublishedParameters = null);
