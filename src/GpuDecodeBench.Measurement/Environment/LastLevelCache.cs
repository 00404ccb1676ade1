using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Environment;

/// <summary>The cache that a cold working set must exceed.</summary>
public static class LastLevelCache
{
    /// <summary>
    /// Bytes of all instances of the highest level of cache that the usable processors see: instances × size, summed over kinds
    /// (a processor with two kinds of cores can have two sizes at one level). Null where no cache is known.
    /// </summary>
    /// <param name="caches">As <see cref="EnvironmentInfo.Caches"/> holds them.</param>
    public static long? TotalBytes(IReadOnlyList<CacheInfo> caches)
    {
        ArgumentNullException.ThrowIfNull(caches);
        if (caches.Count == 0)
        {
            return null;
        }

        int highest = caches.Max(cache => cache.Level);
        return caches.Where(cache => cache.Level == highest).Sum(cache => cache.SizeBytes * cache.Instances);
    }
}
