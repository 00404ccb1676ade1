namespace GpuDecodeBench.Backends.Diagnostics;

/// <summary>How fast memory was copied between host and device, one way, each byte counted once.</summary>
/// <param name="Direction">Which way.</param>
/// <param name="IsPageLocked">Whether the host's memory was page-locked (pinned), or any memory.</param>
/// <param name="Bytes">Bytes of one copy.</param>
/// <param name="BytesPerSecond">Bytes per second, the median of some copies.</param>
public sealed record HostCopyRate(CopyDirection Direction, bool IsPageLocked, long Bytes, double BytesPerSecond);
