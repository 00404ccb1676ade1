namespace GpuDecodeBench.Ptx.Counters;

/// <summary>
/// Which bytes of an allocation a launch touched, for as long as the launch may overlap with others: ranges, which are few as a
/// rule and much smaller than a bit per byte, or the bits themselves where ranges are many.
/// </summary>
internal sealed class TouchedBytes
{
    private readonly long[] _starts;
    private readonly long[] _ends;
    private readonly PagedBitmap? _bits;

    private TouchedBytes(long[] starts, long[] ends, PagedBitmap? bits)
    {
        _starts = starts;
        _ends = ends;
        _bits = bits;
    }

    /// <summary>What a bitmap holds, which must not change any more; null where it is empty.</summary>
    public static TouchedBytes? Of(PagedBitmap bits)
    {
        var starts = new List<long>();
        var ends = new List<long>();
        return bits.TryGetRanges(starts, ends)
            ? starts.Count == 0
                ? null
                : new([.. starts], [.. ends], null)
            : new([], [], bits);
    }

    /// <summary>The first of the bytes in the range that was touched; negative where none was.</summary>
    public long FirstWithin(long offset, long count)
    {
        if (_bits is not null)
        {
            return _bits.FirstWithin(offset, count);
        }
        // The first range that ends behind the offset.
        var found = Array.BinarySearch(_ends, offset + 1);
        found = found < 0 ? ~found : found;
        return found < _starts.Length && _starts[found] < offset + count ? Math.Max(offset, _starts[found]) : -1;
    }
}
