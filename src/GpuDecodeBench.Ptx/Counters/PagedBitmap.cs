using System.Numerics;

namespace GpuDecodeBench.Ptx.Counters;

/// <summary>A bit per byte of an allocation, in pages that exist once touched.</summary>
internal sealed class PagedBitmap(long bytes)
{
    private const int PageShift = 16;
    private const int PageBytes = 1 << PageShift;

    private readonly ulong[]?[] _pages = new ulong[(int)((bytes + PageBytes - 1) >> PageShift)][];

    public void Set(long offset, long count)
    {
        while (count > 0)
        {
            var page = _pages[(int)(offset >> PageShift)] ??= new ulong[PageBytes / 64];
            var within = (int)(offset & (PageBytes - 1));
            var here = (int)Math.Min(count, PageBytes - within);
            SetWithin(page, within, here);
            offset += here;
            count -= here;
        }
    }

    public void UnionWith(PagedBitmap other)
    {
        for (var i = 0; i < _pages.Length; i++)
        {
            if (other._pages[i] is not { } theirs)
            {
                continue;
            }
            if (_pages[i] is not { } mine)
            {
                _pages[i] = (ulong[])theirs.Clone();
                continue;
            }
            for (var w = 0; w < mine.Length; w++)
            {
                mine[w] |= theirs[w];
            }
        }
    }

    public long Count()
    {
        long count = 0;
        foreach (var page in _pages)
        {
            foreach (var word in page ?? [])
            {
                count += BitOperations.PopCount(word);
            }
        }
        return count;
    }

    private static void SetWithin(ulong[] page, int offset, int count)
    {
        var first = offset >> 6;
        var last = (offset + count - 1) >> 6;
        var head = ulong.MaxValue << (offset & 63);
        var tail = ulong.MaxValue >> (63 - ((offset + count - 1) & 63));
        if (first == last)
        {
            page[first] |= head & tail;
            return;
        }
        page[first] |= head;
        page.AsSpan(first + 1, last - first - 1).Fill(ulong.MaxValue);
        page[last] |= tail;
    }
}
