using System.Numerics;
using System.Runtime.InteropServices;

namespace GpuDecodeBench.Ptx.Execution;

/// <summary>
/// cp.async copies of a warp's threads. Their bytes reach shared memory only when the thread waits for their group, so
/// that a kernel that does not wait does not see them.
/// </summary>
internal sealed class CopyQueue
{
    private readonly List<Copy> _copies = [];
    private readonly int[] _committed = new int[32];

    public void Clear()
    {
        _copies.Clear();
        Array.Clear(_committed);
    }

    public void Add(int lane, uint segment, int destinationOffset, UInt128 bytes, int count) =>
        _copies.Add(new(lane, _committed[lane], segment, destinationOffset, bytes, count));

    public void Commit(uint mask)
    {
        for (; mask != 0; mask &= mask - 1)
        {
            _committed[BitOperations.TrailingZeroCount(mask)]++;
        }
    }

    /// <summary>Completes all of the lanes' groups but the latest <paramref name="pending"/>.</summary>
    public void Wait(Warp warp, uint mask, int pending) =>
        Complete(warp, copy => (mask >> copy.Lane & 1) != 0 && copy.Group < _committed[copy.Lane] - pending);

    /// <summary>Completes everything of the lanes, committed or not.</summary>
    public void WaitAll(Warp warp, uint mask) => Complete(warp, copy => (mask >> copy.Lane & 1) != 0);

    private void Complete(Warp warp, Func<Copy, bool> isDue)
    {
        var kept = 0;
        for (var i = 0; i < _copies.Count; i++)
        {
            var copy = _copies[i];
            if (!isDue(copy))
            {
                _copies[kept++] = copy;
                continue;
            }
            var bytes = copy.Bytes;
            warp.Learn(Cta.AsynchronousAgent, copy.Segment);
            var shared = warp.Cta.Worker.Shared;
            shared.NoteArrival(warp, copy.Lane, copy.DestinationOffset, copy.Count);
            shared.Put(
                copy.DestinationOffset,
                MemoryMarshal.AsBytes(new ReadOnlySpan<UInt128>(in bytes))[..copy.Count]
            );
        }
        _copies.RemoveRange(kept, _copies.Count - kept);
    }

    private readonly record struct Copy(
        int Lane,
        int Group,
        uint Segment,
        int DestinationOffset,
        UInt128 Bytes,
        int Count
    );
}
