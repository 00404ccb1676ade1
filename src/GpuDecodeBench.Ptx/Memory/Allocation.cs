using System.Runtime.InteropServices;

namespace GpuDecodeBench.Ptx.Memory;

/// <summary>One allocation of global memory: its bytes and which of them somebody wrote.</summary>
internal sealed unsafe class Allocation(int index, ulong start, long bytes, string label, bool readOnly)
{
    private readonly Lock _shadowLock = new();
    private byte* _shadow;

    public int Index { get; } = index;

    public ulong Start { get; } = start;

    public long Bytes { get; } = bytes;

    public ulong End { get; } = start + (ulong)bytes;

    public string Label { get; } = label;

    /// <summary>Constant memory: kernels may not write it.</summary>
    public bool ReadOnly { get; } = readOnly;

    public bool Freed { get; private set; }

    public byte* Data { get; private set; } = (byte*)NativeMemory.AllocZeroed((nuint)Math.Max(bytes, 16));

    /// <summary>All bytes below are written; what is above is in the shadow. Only the host moves it.</summary>
    public long WrittenPrefixBytes { get; private set; }

    public void Free()
    {
        NativeMemory.Free(Data);
        NativeMemory.Free(_shadow);
        Data = null;
        _shadow = null;
        Freed = true;
    }

    /// <summary>Notes bytes the host wrote.</summary>
    public void HostWrote(long offset, long count)
    {
        if (offset <= WrittenPrefixBytes)
        {
            WrittenPrefixBytes = Math.Max(WrittenPrefixBytes, offset + count);
        }
        else
        {
            MarkWritten(offset, count);
        }
    }

    /// <summary>Notes bytes a kernel wrote; safe from several threads.</summary>
    public void MarkWritten(long offset, long count)
    {
        if (offset + count <= WrittenPrefixBytes)
        {
            return;
        }
        var shadow = _shadow;
        if (shadow == null)
        {
            shadow = CreateShadow();
        }
        new Span<byte>(shadow + offset, (int)count).Fill(1);
    }

    /// <summary>Offset of the first byte in the range that nobody wrote, negative where all are written.</summary>
    public long FirstUnwritten(long offset, long count)
    {
        if (offset + count <= WrittenPrefixBytes)
        {
            return -1;
        }
        var from = Math.Max(offset, WrittenPrefixBytes);
        if (_shadow == null)
        {
            return from;
        }
        var found = new ReadOnlySpan<byte>(_shadow + from, (int)(offset + count - from)).IndexOf((byte)0);
        return found < 0 ? -1 : from + found;
    }

    private byte* CreateShadow()
    {
        lock (_shadowLock)
        {
            if (_shadow == null)
            {
                _shadow = (byte*)NativeMemory.AllocZeroed((nuint)Bytes);
            }
            return _shadow;
        }
    }
}
