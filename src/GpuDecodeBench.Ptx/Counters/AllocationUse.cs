namespace GpuDecodeBench.Ptx.Counters;

/// <summary>What one worker did to one allocation.</summary>
internal sealed class AllocationUse(string label, long bytes)
{
    public string Label { get; } = label;

    public long AllocationBytes { get; } = bytes;

    public long LoadedBytes { get; set; }

    public long ConstantLoadedBytes { get; set; }

    public long EarlyLoadedBytes { get; set; }

    public long StoredBytes { get; set; }

    public long AtomicAccesses { get; set; }

    public long LoadSectors { get; set; }

    public long StoreSectors { get; set; }

    public long UsefulLoadBytes { get; set; }

    public long UsefulStoreBytes { get; set; }

    public long[] LoadsByWidth { get; } = new long[6];

    public long[] StoresByWidth { get; } = new long[6];

    public PagedBitmap Read { get; } = new(bytes);

    public PagedBitmap Written { get; } = new(bytes);

    public long PrefetchedBytes { get; set; }

    public PagedBitmap Prefetched { get; } = new(bytes);

    public void Add(AllocationUse other)
    {
        LoadedBytes += other.LoadedBytes;
        ConstantLoadedBytes += other.ConstantLoadedBytes;
        EarlyLoadedBytes += other.EarlyLoadedBytes;
        StoredBytes += other.StoredBytes;
        AtomicAccesses += other.AtomicAccesses;
        LoadSectors += other.LoadSectors;
        StoreSectors += other.StoreSectors;
        UsefulLoadBytes += other.UsefulLoadBytes;
        UsefulStoreBytes += other.UsefulStoreBytes;
        for (var i = 0; i < LoadsByWidth.Length; i++)
        {
            LoadsByWidth[i] += other.LoadsByWidth[i];
            StoresByWidth[i] += other.StoresByWidth[i];
        }
        Read.UnionWith(other.Read);
        Written.UnionWith(other.Written);
        PrefetchedBytes += other.PrefetchedBytes;
        Prefetched.UnionWith(other.Prefetched);
    }
}
