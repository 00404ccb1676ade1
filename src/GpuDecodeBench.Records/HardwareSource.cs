namespace GpuDecodeBench.Records;

/// <summary>A source of the hardware catalogue.</summary>
/// <param name="Key">The key by which values name it.</param>
/// <param name="Title">What it is.</param>
/// <param name="Url">Where it is.</param>
public sealed record HardwareSource(string Key, string Title, string Url);
