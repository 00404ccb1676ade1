namespace GpuDecodeBench.Ptx.Memory;

/// <summary>What the lanes of one request touch, each part once: 32 lanes leave 63 ranges between them at most.</summary>
internal sealed class RequestRanges
{
    private const int Most = 64;

    private readonly ulong[] _first = new ulong[Most];
    private readonly ulong[] _end = new ulong[Most];
    private int _count;
    private ulong _top;

    /// <summary>Begins the next request.</summary>
    public void Clear()
    {
        _count = 0;
        _top = 0;
    }

    /// <summary>Adds a range and gives how much of it no earlier one covers. Ranges mostly ascend.</summary>
    public long Add(ulong first, ulong end)
    {
        var fresh = first >= _top ? Push(first, end) : AddFrom(first, end, 0);
        _top = Math.Max(_top, end);
        return fresh;
    }

    private long AddFrom(ulong first, ulong end, int from)
    {
        for (var i = from; i < _count; i++)
        {
            var low = Math.Max(first, _first[i]);
            var high = Math.Min(end, _end[i]);
            if (low < high)
            {
                var before = first < low ? AddFrom(first, low, i + 1) : 0;
                return before + (high < end ? AddFrom(high, end, i + 1) : 0);
            }
        }
        return Push(first, end);
    }

    private long Push(ulong first, ulong end)
    {
        _first[_count] = first;
        _end[_count] = end;
        _count++;
        return (long)(end - first);
    }
}
