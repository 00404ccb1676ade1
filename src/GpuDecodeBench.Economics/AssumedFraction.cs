namespace GpuDecodeBench.Economics;

/// <summary>A fraction of <c>Data/prices.json</c> with its source in words.</summary>
internal sealed record AssumedFraction(double Value, string Source);
