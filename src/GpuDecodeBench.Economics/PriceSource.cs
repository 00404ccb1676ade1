namespace GpuDecodeBench.Economics;

/// <summary>A source of assumed prices.</summary>
/// <param name="Key">The key by which prices name it.</param>
/// <param name="Title">What it is, with its date or commit.</param>
/// <param name="Url">Where it is.</param>
public sealed record PriceSource(string Key, string Title, string Url);
