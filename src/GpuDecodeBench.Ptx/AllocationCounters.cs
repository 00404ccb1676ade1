using GpuDecodeBench.Ptx.Counters;

namespace GpuDecodeBench.Ptx;

/// <summary>What a launch did to one allocation.</summary>
public sealed record AllocationCounters
{
    internal AllocationCounters(AllocationUse[] uses)
    {
        Label = uses[0].Label;
        AllocationBytes = uses.Sum(u => u.AllocationBytes);
        LoadedBytes = uses.Sum(u => u.LoadedBytes);
        ConstantLoadedBytes = uses.Sum(u => u.ConstantLoadedBytes);
        EarlyLoadedBytes = uses.Sum(u => u.EarlyLoadedBytes);
        StoredBytes = uses.Sum(u => u.StoredBytes);
        AtomicAccesses = uses.Sum(u => u.AtomicAccesses);
        LoadSectors = uses.Sum(u => u.LoadSectors);
        StoreSectors = uses.Sum(u => u.StoreSectors);
        UsefulLoadBytes = uses.Sum(u => u.UsefulLoadBytes);
        UsefulStoreBytes = uses.Sum(u => u.UsefulStoreBytes);
        DistinctReadBytes = uses.Sum(u => u.Read.Count());
        DistinctWrittenBytes = uses.Sum(u => u.Written.Count());
        PrefetchedBytes = uses.Sum(u => u.PrefetchedBytes);
        DistinctPrefetchedBytes = uses.Sum(u => u.Prefetched.Count());
        PrefetchedUnreadBytes = uses.Sum(u => u.Prefetched.CountWithout(u.Read));
        LoadsByWidthBytes = ByWidth(uses, u => u.LoadsByWidth);
        StoresByWidthBytes = ByWidth(uses, u => u.StoresByWidth);
    }

    /// <summary>Name given at the allocation.</summary>
    public string Label { get; }

    /// <summary>Size of the allocation.</summary>
    public long AllocationBytes { get; }

    /// <summary>Bytes threads asked for in loads and atomics.</summary>
    public long LoadedBytes { get; }

    /// <summary>
    /// Those of them that ld.global.nc asked for, which PTX allows for what nobody writes while the kernel runs alone.
    /// </summary>
    public long ConstantLoadedBytes { get; }

    /// <summary>
    /// Those of them that threads asked for before griddepcontrol.wait or a barrier behind another's, while launches before this one may
    /// still run; 0 where none may.
    /// </summary>
    public long EarlyLoadedBytes { get; }

    /// <summary>Bytes threads stored, atomics included.</summary>
    public long StoredBytes { get; }

    /// <summary>Bytes read at least once.</summary>
    public long DistinctReadBytes { get; }

    /// <summary>Bytes written at least once.</summary>
    public long DistinctWrittenBytes { get; }

    /// <summary>Bytes that threads wished in the second-level cache; no loads, so not among the loaded bytes.</summary>
    public long PrefetchedBytes { get; }

    /// <summary>Bytes wished there at least once.</summary>
    public long DistinctPrefetchedBytes { get; }

    /// <summary>Those of them that the launch did not read: traffic for nothing.</summary>
    public long PrefetchedUnreadBytes { get; }

    /// <summary>Atomic operations of single threads.</summary>
    public long AtomicAccesses { get; }

    /// <summary>32-byte sectors the warps' load requests touched, each request by itself.</summary>
    public long LoadSectors { get; }

    /// <summary>32-byte sectors the warps' store requests touched.</summary>
    public long StoreSectors { get; }

    /// <summary>Bytes of those load sectors that some thread of the request asked for.</summary>
    public long UsefulLoadBytes { get; }

    /// <summary>Bytes of those store sectors that some thread of the request wrote.</summary>
    public long UsefulStoreBytes { get; }

    /// <summary>Share of the loaded sectors' bytes that some thread asked for; 1 where nothing was loaded.</summary>
    public double LoadSectorEfficiency => LoadSectors == 0 ? 1 : UsefulLoadBytes / (32.0 * LoadSectors);

    /// <summary>Accesses of single threads by width in bytes (1, 2, 4, 8, 16, 32).</summary>
    public IReadOnlyDictionary<int, long> LoadsByWidthBytes { get; }

    /// <summary>Stores of single threads by width in bytes.</summary>
    public IReadOnlyDictionary<int, long> StoresByWidthBytes { get; }

    /// <summary>Share of the loaded bytes that came in loads of the given width; 1 where nothing was loaded.</summary>
    /// <param name="widthBytes">Width of a thread's load.</param>
    public double ShareLoadedInWidth(int widthBytes) =>
        LoadedBytes == 0 ? 1 : (double)LoadsByWidthBytes.GetValueOrDefault(widthBytes) * widthBytes / LoadedBytes;

    private static Dictionary<int, long> ByWidth(AllocationUse[] uses, Func<AllocationUse, long[]> counts)
    {
        var result = new Dictionary<int, long>();
        for (var i = 0; i < counts(uses[0]).Length; i++)
        {
            var count = uses.Sum(u => counts(u)[i]);
            if (count > 0)
            {
                result[1 << i] = count;
            }
        }
        return result;
    }
}
