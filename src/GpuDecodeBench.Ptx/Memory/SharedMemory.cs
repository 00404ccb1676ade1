using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using GpuDecodeBench.Ptx.Counters;
using GpuDecodeBench.Ptx.Execution;

namespace GpuDecodeBench.Ptx.Memory;

/// <summary>
/// Shared memory of the CTA a worker runs. Every 4-byte word remembers its last writer and last two readers together
/// with the time (the accessing warp's segment) of the access; an access races with those it does not know to be past.
/// </summary>
internal sealed unsafe class SharedMemory : IDisposable
{
    private readonly WorkerCounters _counters;
    private readonly bool _checkRaces;
    private readonly bool _checkUnwritten;
    private readonly int _capacityBytes;
    private readonly byte* _data;
    private readonly byte* _written;
    private readonly WordHistory* _history;

    public SharedMemory(int capacityBytes, WorkerCounters counters, bool checkRaces, bool checkUnwritten)
    {
        _counters = counters;
        _checkRaces = checkRaces;
        _checkUnwritten = checkUnwritten;
        _capacityBytes = Math.Max(16, (capacityBytes + 15) / 16 * 16);
        _data = (byte*)NativeMemory.AlignedAlloc((nuint)_capacityBytes, 1024);
        _written = (byte*)NativeMemory.AllocZeroed((nuint)_capacityBytes);
        _history = (WordHistory*)NativeMemory.AllocZeroed((nuint)(_capacityBytes / 4), (nuint)sizeof(WordHistory));
    }

    /// <summary>Bytes the running CTA has.</summary>
    public int Bytes { get; private set; }

    public void Begin(int bytes)
    {
        Bytes = bytes;
        new Span<byte>(_data, bytes).Fill(0xCD);
        new Span<byte>(_written, bytes).Clear();
    }

    public void Resolve(Warp warp, uint mask, ulong* addresses, int bytes, AccessKind kind, byte** pointers)
    {
        if (bytes is 4 or 8 or 16)
        {
            ResolveWords(warp, mask, addresses, bytes, kind, pointers);
        }
        else
        {
            for (var rest = mask; rest != 0; rest &= rest - 1)
            {
                var lane = BitOperations.TrailingZeroCount(rest);
                pointers[lane] = Access(warp, lane, addresses[lane], bytes, kind);
            }
        }
        _counters.SharedRequests++;
        _counters.SharedBankConflicts += BankConflicts.Count(mask, addresses, bytes);
        if (kind == AccessKind.Atomic)
        {
            _counters.SharedAtomics += BitOperations.PopCount(mask);
        }
    }

    /// <summary>Checks one lane's access and gives its pointer; the caller then reads or writes all of it.</summary>
    public byte* Access(Warp warp, int lane, ulong address, int bytes, AccessKind kind)
    {
        CheckRange(lane, address, bytes);
        var offset = (int)address;
        if (kind != AccessKind.Write && _checkUnwritten)
        {
            CheckWritten(lane, offset, bytes);
        }
        if (_checkRaces)
        {
            CheckRaces(warp, warp.Index, lane, offset, bytes, kind);
        }
        if (kind == AccessKind.Write)
        {
            MarkWritten(offset, bytes);
        }
        return _data + offset;
    }

    // What Access does for each lane, of whole words: nearly all requests.
    private void ResolveWords(Warp warp, uint mask, ulong* addresses, int bytes, AccessKind kind, byte** pointers)
    {
        var isRead = kind == AccessKind.Read;
        var ofLane0 = new AccessRecord(warp.OwnSegment, warp.Index, 0, 0xF, kind == AccessKind.Atomic);
        for (; mask != 0; mask &= mask - 1)
        {
            var lane = BitOperations.TrailingZeroCount(mask);
            CheckRange(lane, addresses[lane], bytes);
            var offset = (int)addresses[lane];
            if (kind != AccessKind.Write && _checkUnwritten)
            {
                CheckWritten(lane, offset, bytes);
            }
            if (_checkRaces)
            {
                var record = ofLane0.OfLane(lane);
                var end = _history + ((offset + bytes) >> 2);
                for (var history = _history + (offset >> 2); history < end; history++)
                {
                    if (!history->TryNote(warp, record, isRead, out var other))
                    {
                        throw Race(lane, (int)(history - _history) * 4, kind, other);
                    }
                }
            }
            if (kind == AccessKind.Write)
            {
                MarkWritten(offset, bytes);
            }
            pointers[lane] = _data + offset;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void CheckRange(int lane, ulong address, int bytes)
    {
        if (address + (ulong)bytes > (ulong)Bytes || address > (ulong)Bytes)
        {
            throw OutOfBounds(lane, address, bytes);
        }
        if ((address & (ulong)(Math.Min(bytes, 16) - 1)) != 0)
        {
            throw Misaligned(lane, address, bytes);
        }
    }

    /// <summary>
    /// Notes that from now on an asynchronous copy may write these bytes: who touches them before waiting for it races.
    /// </summary>
    public void NoteAsynchronousWrite(Warp warp, int lane, int offset, int bytes)
    {
        if (_checkRaces)
        {
            CheckRaces(warp, Cta.AsynchronousAgent, lane, offset, bytes, AccessKind.Write);
        }
    }

    /// <summary>Notes that a copy's bytes are there for the thread that waited for it, and for nobody else yet.</summary>
    public void NoteArrival(Warp warp, int lane, int offset, int bytes)
    {
        if (_checkRaces)
        {
            CheckRaces(warp, warp.Index, lane, offset, bytes, AccessKind.Write);
        }
    }

    /// <summary>Writes what an asynchronous copy brings.</summary>
    public void Put(int offset, ReadOnlySpan<byte> source)
    {
        source.CopyTo(new Span<byte>(_data + offset, source.Length));
        new Span<byte>(_written + offset, source.Length).Fill(1);
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(_data);
        NativeMemory.Free(_written);
        NativeMemory.Free(_history);
    }

    private FaultSignal OutOfBounds(int lane, ulong address, int bytes) =>
        new(
            PtxFaultKind.OutOfBounds,
            $"shared address 0x{address:X} with {bytes} bytes, the CTA has {Bytes}",
            lane,
            address
        );

    private static FaultSignal Misaligned(int lane, ulong address, int bytes) =>
        new(PtxFaultKind.Misaligned, $"shared address 0x{address:X} is no multiple of {bytes}", lane, address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void CheckWritten(int lane, int offset, int bytes)
    {
        var written = _written + offset;
        var all = bytes switch
        {
            4 => *(uint*)written == 0x0101_0101,
            8 => *(ulong*)written == 0x0101_0101_0101_0101,
            16 => (*(ulong*)written & ((ulong*)written)[1]) == 0x0101_0101_0101_0101,
            _ => new ReadOnlySpan<byte>(written, bytes).IndexOf((byte)0) < 0,
        };
        if (!all)
        {
            throw Unwritten(lane, offset + new ReadOnlySpan<byte>(written, bytes).IndexOf((byte)0));
        }
    }

    private static FaultSignal Unwritten(int lane, int offset) =>
        new(
            PtxFaultKind.UninitialisedRead,
            $"nobody wrote what is read: shared address 0x{offset:X}",
            lane,
            (ulong)offset
        );

    private void MarkWritten(int offset, int bytes)
    {
        var written = _written + offset;
        switch (bytes)
        {
            case 4:
                *(uint*)written = 0x0101_0101;
                break;
            case 16:
                ((ulong*)written)[0] = 0x0101_0101_0101_0101;
                ((ulong*)written)[1] = 0x0101_0101_0101_0101;
                break;
            default:
                new Span<byte>(written, bytes).Fill(1);
                break;
        }
    }

    private void CheckRaces(Warp warp, int agent, int lane, int offset, int bytes, AccessKind kind)
    {
        var segment = warp.Segment(agent);
        var end = offset + bytes;
        for (var at = offset; at < end; )
        {
            var within = at & 3;
            var count = Math.Min(4 - within, end - at);
            var byteMask = ((1u << count) - 1) << within;
            var record = new AccessRecord(segment, agent, lane, byteMask, kind == AccessKind.Atomic);
            if (!_history[at >> 2].TryNote(warp, record, kind == AccessKind.Read, out var other))
            {
                throw Race(lane, at, kind, other);
            }
            at += count;
        }
    }

    private static FaultSignal Race(int lane, int offset, AccessKind kind, AccessRecord other) =>
        new(
            PtxFaultKind.Race,
            $"shared address 0x{offset:X}: {kind} races with an access by {Warp.DescribeAgent(other.Warp)} lane {other.Lane}, "
                + "no synchronisation between",
            lane,
            (ulong)offset
        );
}
