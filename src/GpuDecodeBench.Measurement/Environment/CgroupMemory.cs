namespace GpuDecodeBench.Measurement.Environment;

/// <summary>The memory of one control group that has a limit.</summary>
/// <param name="LimitBytes">The limit.</param>
/// <param name="UsageBytes">What the group uses, page cache included; null where it is not reported.</param>
/// <param name="InactiveFileBytes">Of that, the file cache that the kernel gives up first; 0 where it is not reported.</param>
internal sealed record CgroupMemory(long LimitBytes, long? UsageBytes, long InactiveFileBytes)
{
    /// <summary>
    /// limit − (usage − inactive file cache), at least 0, in bytes; the bracket is the working set as Kubernetes defines it. Where the
    /// usage is not reported, the limit: no more than that can be had.
    /// </summary>
    public long FreeBytes => Math.Max(0, LimitBytes - Math.Max(0, (UsageBytes ?? 0) - InactiveFileBytes));
}
