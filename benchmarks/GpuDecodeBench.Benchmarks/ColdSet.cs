using System.Globalization;

namespace GpuDecodeBench.Benchmarks;

/// <summary>How much distinct data a benchmark goes round in, so that nothing is in a cache when its turn comes again.</summary>
internal static class ColdSet
{
    private const long SmallestBytes = 512L << 20;
    private const int CachesFull = 4;

    // Linux says how large the caches are; elsewhere the smallest set exceeds four times a desktop's.
    private const string LastLevelCache = "/sys/devices/system/cpu/cpu0/cache/index3/size";

    /// <summary>512 MiB, or four times the last-level cache where that is more.</summary>
    public static long Bytes { get; } = Math.Max(SmallestBytes, CachesFull * LastLevelCacheBytes());

    /// <summary>How many pieces of a size make a set of so many bytes; one, where it is as large alone.</summary>
    public static int Pieces(long bytes, long coldBytes) => (int)((coldBytes + bytes - 1) / bytes);

    private static long LastLevelCacheBytes() =>
        File.Exists(LastLevelCache)
        && long.TryParse(
            File.ReadAllText(LastLevelCache).Trim().TrimEnd('K'),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out long kibibytes
        )
            ? kibibytes << 10
            : 0;
}
