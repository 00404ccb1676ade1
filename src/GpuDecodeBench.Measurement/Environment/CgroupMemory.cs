namespace GpuDecodeBench.Measurement.Environment;

/// <summary>The memory of one control group that has a limit.</summary>
/// <param name="LimitBytes">The limit.</param>
/// <param name="UsageBytes">What the group uses, page cache included; null where it is not reported.</param>
/// <param name="InactiveFileBytes">Of that, the file cache that the kernel gives up first; null where it is not reported.</param>
internal sealed record CgroupMemory(long LimitBytes, long? UsageBytes, long? InactiveFileBytes)
{
    /// <summary>
    /// usage − inactive file cache, the working set as Kubernetes defines it, in bytes; the whole usage, which is the most that it can be,
    /// where the cache is not reported; null where the usage is not.
    /// </summary>
    public long? WorkingSetBytes =>
        UsageBytes is not { } usage ? null
        : InactiveFileBytes is { } inactive ? Math.Max(0, usage - inactive)
        : usage;

    /// <summary>
    /// limit − working set, at least 0, in bytes; null where the working set is not known.
    /// </summary>
    public long? FreeBytes => WorkingSetBytes is { } used ? Math.Max(0, LimitBytes - used) : null;

    /// <summary>What can be had at most, in bytes: <see cref="FreeBytes"/>, and the limit itself where that is not known.</summary>
    public long AtMostBytes => FreeBytes ?? LimitBytes;
}
