using GpuDecodeBench.Ptx.Memory;

namespace GpuDecodeBench.Ptx;

/// <summary>Global memory of an emulated device. Addresses are never given out twice, so stale ones are found.</summary>
public sealed unsafe class GlobalMemory : IDisposable
{
    private const ulong FirstAddress = 0x10_0000_0000;
    private const ulong GuardBytes = 4096;
    private const int AlignmentBytes = 256;

    private readonly long _totalBytes;
    private Allocation[] _allocations = new Allocation[16];
    private int _count;
    private ulong _next = FirstAddress;

    internal GlobalMemory(long totalBytes) => _totalBytes = totalBytes;

    /// <summary>Bytes of all live allocations.</summary>
    public long AllocatedBytes { get; private set; }

    internal int AllocationCount => _count;

    /// <summary>Allocates memory nobody has written yet, aligned to 256 bytes.</summary>
    /// <param name="bytes">Size.</param>
    /// <param name="label">Name that faults and counters use.</param>
    /// <exception cref="OutOfEmulatedMemoryException">The device's memory does not hold that much more.</exception>
    public ulong Allocate(long bytes, string label)
    {
        ArgumentNullException.ThrowIfNull(label);
        return Allocate(bytes, label, readOnly: false);
    }

    /// <summary>Frees an allocation; its addresses fault from now on.</summary>
    /// <param name="address">Start of the allocation.</param>
    public void Free(ulong address)
    {
        var allocation = Find(address);
        if (allocation is null || allocation.Start != address || allocation.Freed)
        {
            throw new ArgumentException($"0x{address:X} is not the start of a live allocation", nameof(address));
        }
        AllocatedBytes -= allocation.Bytes;
        allocation.Free();
    }

    /// <summary>Copies bytes from the host.</summary>
    /// <param name="address">Where to.</param>
    /// <param name="source">What.</param>
    public void Write(ulong address, ReadOnlySpan<byte> source)
    {
        var (allocation, offset) = Locate(address, source.Length);
        source.CopyTo(new Span<byte>(allocation.Data + offset, source.Length));
        allocation.HostWrote(offset, source.Length);
    }

    /// <summary>Copies bytes to the host.</summary>
    /// <param name="address">Where from.</param>
    /// <param name="destination">Where to.</param>
    public void Read(ulong address, Span<byte> destination)
    {
        var (allocation, offset) = Locate(address, destination.Length);
        new ReadOnlySpan<byte>(allocation.Data + offset, destination.Length).CopyTo(destination);
    }

    /// <summary>Sets bytes to one value.</summary>
    /// <param name="address">Where.</param>
    /// <param name="value">Value of every byte.</param>
    /// <param name="bytes">How many.</param>
    public void Fill(ulong address, byte value, long bytes)
    {
        var (allocation, offset) = Locate(address, bytes);
        System.Runtime.InteropServices.NativeMemory.Fill(allocation.Data + offset, (nuint)bytes, value);
        allocation.HostWrote(offset, bytes);
    }

    /// <summary>Copies bytes between places on the device.</summary>
    /// <param name="destination">Where to.</param>
    /// <param name="source">Where from.</param>
    /// <param name="bytes">How many.</param>
    public void Copy(ulong destination, ulong source, long bytes)
    {
        var (from, fromOffset) = Locate(source, bytes);
        var (to, toOffset) = Locate(destination, bytes);
        Buffer.MemoryCopy(from.Data + fromOffset, to.Data + toOffset, bytes, bytes);
        to.HostWrote(toOffset, bytes);
    }

    /// <summary>How many bytes of a range nobody wrote.</summary>
    /// <param name="address">Start of the range.</param>
    /// <param name="bytes">Length of the range.</param>
    public long CountUnwritten(ulong address, long bytes)
    {
        var (allocation, offset) = Locate(address, bytes);
        long count = 0;
        var end = offset + bytes;
        for (var at = allocation.FirstUnwritten(offset, bytes); at >= 0 && at < end; )
        {
            count++;
            at++;
            at = at < end ? allocation.FirstUnwritten(at, end - at) : -1;
        }
        return count;
    }

    /// <summary>Frees everything.</summary>
    public void Dispose()
    {
        for (var i = 0; i < _count; i++)
        {
            if (!_allocations[i].Freed)
            {
                _allocations[i].Free();
            }
        }
        AllocatedBytes = 0;
    }

    internal ulong Allocate(long bytes, string label, bool readOnly)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bytes);
        if (bytes > _totalBytes - AllocatedBytes)
        {
            throw new OutOfEmulatedMemoryException(
                $"'{label}' needs {bytes} bytes; {AllocatedBytes} of {_totalBytes} are taken"
            );
        }
        if (_count == _allocations.Length)
        {
            Array.Resize(ref _allocations, _count * 2);
        }
        var start = _next;
        _allocations[_count] = new(_count, start, bytes, label, readOnly);
        _count++;
        AllocatedBytes += bytes;
        _next = (start + (ulong)bytes + GuardBytes + AlignmentBytes - 1) / AlignmentBytes * AlignmentBytes;
        return start;
    }

    internal Allocation At(int index) => _allocations[index];

    /// <summary>Allocation with the greatest start not above the address, live or not; null below all.</summary>
    internal Allocation? Find(ulong address)
    {
        var low = 0;
        var high = _count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_allocations[middle].Start <= address)
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }
        return low == 0 ? null : _allocations[low - 1];
    }

    private (Allocation Allocation, long Offset) Locate(ulong address, long bytes)
    {
        var allocation = Find(address);
        if (allocation is null || allocation.Freed || bytes < 0 || address + (ulong)bytes > allocation.End)
        {
            throw new ArgumentException(
                $"0x{address:X} with {bytes} bytes is not within a live allocation (nearest: {Describe(address)})",
                nameof(address)
            );
        }
        return (allocation, (long)(address - allocation.Start));
    }

    internal string Describe(ulong address)
    {
        var below = Find(address);
        if (below is not null && address < below.End)
        {
            return $"offset {address - below.Start} of {(below.Freed ? "freed " : "")}'{below.Label}' ({below.Bytes} bytes)";
        }
        var above = below is null ? 0 : below.Index + 1;
        var text = below is null
            ? "below all allocations"
            : $"{address - below.End} bytes past the end of {(below.Freed ? "freed " : "")}'{below.Label}' ({below.Bytes} bytes)";
        return above < _count
            ? $"{text}, {_allocations[above].Start - address} bytes before '{_allocations[above].Label}'"
            : text;
    }
}
