using System.Numerics;

namespace GpuDecodeBench.Ptx.Counters;

/// <summary>A bit per byte of an allocation, in pages that exist once touched.</summary>
internal sealed class PagedBitmap(long bytes)
{
    private const int PageShift = 16;
    private const int PageBytes = 1 << PageShift;
    private const int MostRangesPerPage = 64;

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

    /// <summary>Bits that are set here and not in another bitmap of as many bytes.</summary>
    public long CountWithout(PagedBitmap other)
    {
        long count = 0;
        for (var i = 0; i < _pages.Length; i++)
        {
            if (_pages[i] is not { } mine)
            {
                continue;
            }
            for (var w = 0; w < mine.Length; w++)
            {
                count += BitOperations.PopCount(mine[w] & ~(other._pages[i]?[w] ?? 0));
            }
        }
        return count;
    }

    /// <summary>The first bit in the range that is set; negative where none is.</summary>
    public long FirstWithin(long offset, long count)
    {
        var end = offset + count;
        while (offset < end)
        {
            var pageEnd = Math.Min(end, ((offset >> PageShift) + 1) << PageShift);
            if (_pages[(int)(offset >> PageShift)] is { } page)
            {
                var found = Next(page, (int)(offset & (PageBytes - 1)), 0);
                var at = (offset & ~(long)(PageBytes - 1)) + found;
                if (at < pageEnd)
                {
                    return at;
                }
            }
            offset = pageEnd;
        }
        return -1;
    }

    /// <summary>Adds the ranges of bits that are set, in order; false where they are so many that the bits take less memory.</summary>
    public bool TryGetRanges(List<long> starts, List<long> ends)
    {
        for (var i = 0; i < _pages.Length; i++)
        {
            if (_pages[i] is not { } page)
            {
                continue;
            }
            var first = (long)i << PageShift;
            var before = starts.Count;
            for (var at = Next(page, 0, 0); at < PageBytes; )
            {
                var end = Next(page, at, ulong.MaxValue);
                if (ends.Count > 0 && ends[^1] == first + at)
                {
                    ends[^1] = first + end;
                }
                else
                {
                    starts.Add(first + at);
                    ends.Add(first + end);
                }
                at = end < PageBytes ? Next(page, end, 0) : PageBytes;
            }
            if (starts.Count - before > MostRangesPerPage)
            {
                return false;
            }
        }
        return true;
    }

    /// <summary>The first bit from <paramref name="at"/> on that differs from those of <paramref name="same"/>; the page's end without.</summary>
    private static int Next(ulong[] page, int at, ulong same)
    {
        var word = at >> 6;
        var bits = (page[word] ^ same) & (ulong.MaxValue << (at & 63));
        if (bits == 0)
        {
            var skipped = page.AsSpan(word + 1).IndexOfAnyExcept(same);
            if (skipped < 0)
            {
                return PageBytes;
            }
            word += 1 + skipped;
            bits = page[word] ^ same;
        }
        return (word << 6) + BitOperations.TrailingZeroCount(bits);
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
