namespace GpuDecodeBench.Backends.Diagnostics;

/// <summary>How fast a working set was read again and again.</summary>
/// <param name="Bytes">The working set, in bytes.</param>
/// <param name="BytesPerSecond">Bytes read per second.</param>
public sealed record WorkingSetRate(long Bytes, double BytesPerSecond);
