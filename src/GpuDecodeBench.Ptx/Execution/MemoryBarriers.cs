using System.Numerics;
using GpuDecodeBench.Ptx.Memory;

namespace GpuDecodeBench.Ptx.Execution;

/// <summary>The mbarriers of a CTA by their offset in shared memory.</summary>
internal sealed unsafe class MemoryBarriers
{
    private const int LargestCount = (1 << 20) - 1;

    private readonly Dictionary<int, MemoryBarrierObject> _barriers = [];

    public void Clear() => _barriers.Clear();

    public void Initialise(Warp warp, int lane, ulong address, int count)
    {
        var pointer = warp.Cta.Worker.Shared.Access(warp, lane, address, 8, AccessKind.Write);
        if (count is < 1 or > LargestCount)
        {
            throw new FaultSignal(PtxFaultKind.BarrierMisuse, $"mbarrier with count {count}", lane, address);
        }
        *(ulong*)pointer = (ulong)count;
        _barriers[(int)address] = new(count);
    }

    public void Invalidate(Warp warp, int lane, ulong address)
    {
        _ = Find(warp, lane, address);
        _barriers.Remove((int)address);
    }

    /// <summary>Arrives and returns the phase that was current.</summary>
    public ulong Arrive(Warp warp, int lane, ulong address, int arrivals, long expectedBytes, bool drop)
    {
        var barrier = Find(warp, lane, address);
        if (arrivals < 1 || arrivals > barrier.Pending)
        {
            throw new FaultSignal(
                PtxFaultKind.BarrierMisuse,
                $"mbarrier at 0x{address:X}: {arrivals} arrivals where {barrier.Pending} are pending",
                lane,
                address
            );
        }
        var phase = barrier.Phase;
        warp.EndSegment();
        Cta.Join(barrier.Arriving, warp.KnownSegments);
        if (expectedBytes != 0)
        {
            barrier.Expect(expectedBytes);
        }
        barrier.Arrive(arrivals, drop);
        warp.Cta.Progress();
        return phase;
    }

    public void Expect(Warp warp, int lane, ulong address, long bytes) => Find(warp, lane, address).Expect(bytes);

    /// <summary>Bytes of an asynchronous copy arrived, written in the given segment.</summary>
    public void Complete(int lane, ulong address, long bytes, uint segment)
    {
        if (!_barriers.TryGetValue((int)address, out var barrier))
        {
            throw Missing(lane, address);
        }
        ref var known = ref barrier.Arriving[Cta.AsynchronousAgent];
        known = Math.Max(known, segment);
        barrier.Expect(-bytes);
    }

    /// <summary>Lanes whose awaited phase is over. Others make the warp step back so that others get on.</summary>
    public uint Test(Warp warp, uint mask, AddressSource address, int phase, int phaseBytes, bool parity)
    {
        uint done = 0;
        for (var rest = mask; rest != 0; rest &= rest - 1)
        {
            var lane = BitOperations.TrailingZeroCount(rest);
            var barrier = Find(warp, lane, address.Of(warp, lane));
            var awaited =
                phaseBytes == 4
                    ? ((uint*)(warp.Registers + phase))[lane]
                    : (uint)((ulong*)(warp.Registers + phase))[lane];
            if (parity ? (barrier.Phase & 1) != (awaited & 1) : barrier.Phase != awaited)
            {
                done |= 1u << lane;
                Cta.Join(warp.KnownSegments, barrier.Completed);
            }
        }
        if (done != mask)
        {
            warp.Yield();
        }
        return done;
    }

    private MemoryBarrierObject Find(Warp warp, int lane, ulong address)
    {
        _ = warp.Cta.Worker.Shared.Access(warp, lane, address, 8, AccessKind.Atomic);
        return _barriers.TryGetValue((int)address, out var barrier) ? barrier : throw Missing(lane, address);
    }

    private static FaultSignal Missing(int lane, ulong address) =>
        new(PtxFaultKind.BarrierMisuse, $"no mbarrier was initialised at shared address 0x{address:X}", lane, address);
}
