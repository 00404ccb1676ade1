using System.Numerics;
using GpuDecodeBench.Ptx.Counters;
using GpuDecodeBench.Ptx.Execution;
using GpuDecodeBench.Ptx.Ordering;

namespace GpuDecodeBench.Ptx.Memory;

/// <summary>A worker's access to global memory: checks, counts and turns addresses into pointers.</summary>
internal sealed unsafe class GlobalView(
    GlobalMemory memory,
    WorkerCounters counters,
    bool checkUnwritten,
    LaunchOrder? order
)
{
    private readonly RequestRanges _sectors = new();
    private readonly RequestRanges _bytes = new();
    private Allocation? _allocation;
    private AllocationUse? _use;
    private RunningAccesses? _beforeWait;
    private RunningAccesses? _afterWait;

    /// <summary>Whether the lanes of the next request have waited for the launch before theirs.</summary>
    public bool IsPastWait { get; set; } = true;

    /// <summary>Checks and counts a warp's request and gives every lane's pointer.</summary>
    public void Resolve(uint mask, ulong* addresses, int bytes, AccessKind kind, byte** pointers)
    {
        _sectors.Clear();
        _bytes.Clear();
        if (mask == uint.MaxValue && LaneVectors.Follow(addresses, bytes))
        {
            var first = addresses[0];
            var whole = Run(addresses, mask, first, first + (32 * (ulong)bytes), bytes, kind, 32);
            LaneVectors.Add(addresses, (ulong)whole, (ulong*)pointers);
            return;
        }
        var lane = BitOperations.TrailingZeroCount(mask);
        while (mask != 0)
        {
            // Lanes at equal or following addresses form one run, checked and counted at once.
            var runMask = mask;
            var start = addresses[lane];
            var end = start + (ulong)bytes;
            var lanes = 0;
            do
            {
                var address = addresses[lane];
                if (address != end - (ulong)bytes)
                {
                    if (address != end)
                    {
                        break;
                    }
                    end += (ulong)bytes;
                }
                lanes++;
                mask &= mask - 1;
                lane = BitOperations.TrailingZeroCount(mask);
            } while (mask != 0);
            var difference = Run(addresses, runMask & ~mask, start, end, bytes, kind, lanes);
            for (var rest = runMask & ~mask; rest != 0; rest &= rest - 1)
            {
                var member = BitOperations.TrailingZeroCount(rest);
                pointers[member] = difference + addresses[member];
            }
        }
    }

    /// <summary>Checks and counts a range one lane touches in accesses of <paramref name="unitBytes"/>.</summary>
    public byte* Range(ulong address, int count, int lane, int unitBytes, AccessKind kind)
    {
        _sectors.Clear();
        _bytes.Clear();
        var addresses = stackalloc ulong[32];
        addresses[lane] = address;
        var end = address + (ulong)count;
        return Run(addresses, 1u << lane, address, end, unitBytes, kind, count / unitBytes) + address;
    }

    /// <summary>Notes a range that one lane wishes in the second-level cache; all of it must be there.</summary>
    public void Prefetch(ulong address, int count, int lane)
    {
        var addresses = stackalloc ulong[32];
        addresses[lane] = address;
        var allocation = Locate(addresses, 1u << lane, address, address + (ulong)count, count);
        _use!.PrefetchedBytes += count;
        _use.Prefetched.Set((long)(address - allocation.Start), count);
    }

    /// <summary>Host address minus device address of the run's allocation.</summary>
    private byte* Run(ulong* addresses, uint lanesMask, ulong start, ulong end, int bytes, AccessKind kind, int lanes)
    {
        var isConstant = kind == AccessKind.ConstantRead;
        if (isConstant)
        {
            kind = AccessKind.Read;
        }
        var allocation = _allocation;
        if (allocation is null || start < allocation.Start || end > allocation.End || allocation.Freed)
        {
            allocation = Locate(addresses, lanesMask, start, end, bytes);
        }
        if (((long)start & (bytes - 1)) != 0)
        {
            throw Fault(PtxFaultKind.Misaligned, lanesMask, start, $"address is no multiple of {bytes}");
        }
        var offset = (long)(start - allocation.Start);
        var count = (long)(end - start);
        if ((IsPastWait && !isConstant ? _afterWait : _beforeWait) is { } running)
        {
            CheckOrder(running, addresses, lanesMask, offset, count, bytes, kind);
        }
        if (kind != AccessKind.Write && checkUnwritten)
        {
            var unwritten = allocation.FirstUnwritten(offset, count);
            if (unwritten >= 0)
            {
                throw Unwritten(addresses, lanesMask, allocation.Start + (ulong)unwritten, bytes);
            }
        }
        if (kind != AccessKind.Read)
        {
            if (allocation.ReadOnly)
            {
                throw Fault(PtxFaultKind.IllegalOperation, lanesMask, start, "write to constant memory");
            }
            allocation.MarkWritten(offset, count);
        }
        CountRun(_use!, start, end, offset, bytes, kind, lanes);
        if (isConstant)
        {
            _use!.ConstantLoadedBytes += (long)lanes * bytes;
        }
        return allocation.Data - allocation.Start;
    }

    private void CountRun(AllocationUse use, ulong start, ulong end, long offset, int bytes, AccessKind kind, int lanes)
    {
        var count = (long)(end - start);
        var sectors = _sectors.Add(start >> 5, ((end - 1) >> 5) + 1);
        var useful = _bytes.Add(start, end);
        var width = BitOperations.Log2((uint)bytes);
        if (kind != AccessKind.Write)
        {
            use.LoadedBytes += (long)lanes * bytes;
            use.LoadSectors += sectors;
            use.UsefulLoadBytes += useful;
            use.LoadsByWidth[width] += lanes;
            use.EarlyLoadedBytes += IsPastWait ? 0 : (long)lanes * bytes;
            use.Read.Set(offset, count);
        }
        if (kind != AccessKind.Read)
        {
            use.StoredBytes += (long)lanes * bytes;
            use.StoreSectors += sectors;
            use.UsefulStoreBytes += useful;
            use.StoresByWidth[width] += lanes;
            use.Written.Set(offset, count);
        }
        if (kind == AccessKind.Atomic)
        {
            use.AtomicAccesses += lanes;
        }
    }

    private Allocation Locate(ulong* addresses, uint lanesMask, ulong start, ulong end, int bytes)
    {
        var allocation = memory.Find(start);
        if (allocation is null || start >= allocation.End)
        {
            throw Fault(PtxFaultKind.OutOfBounds, lanesMask, start, "no memory there");
        }
        if (allocation.Freed)
        {
            throw Fault(PtxFaultKind.UseAfterFree, lanesMask, start, "the memory is freed");
        }
        if (end > allocation.End)
        {
            for (var rest = lanesMask; rest != 0; rest &= rest - 1)
            {
                var lane = BitOperations.TrailingZeroCount(rest);
                if (addresses[lane] + (ulong)bytes > allocation.End)
                {
                    throw Fault(PtxFaultKind.OutOfBounds, 1u << lane, addresses[lane], $"{bytes} bytes past the end");
                }
            }
            throw Fault(PtxFaultKind.OutOfBounds, lanesMask, start, $"{end - start} bytes go past the end");
        }
        _allocation = allocation;
        _use = counters.UseOf(allocation);
        _beforeWait = order?.BeforeWait.To(allocation.Index);
        _afterWait = order?.AfterWait.To(allocation.Index);
        return allocation;
    }

    private void CheckOrder(
        RunningAccesses running,
        ulong* addresses,
        uint lanesMask,
        long offset,
        long count,
        int bytes,
        AccessKind kind
    )
    {
        if (running.Conflict(offset, count, kind) is not { } conflict)
        {
            return;
        }
        var earlier = $"what the earlier kernel '{conflict.Launch.Kernel}' {(conflict.Wrote ? "wrote" : "read")}";
        var access = kind == AccessKind.Read ? "read" : "write";
        var problem =
            !IsPastWait ? $"{access} before griddepcontrol.wait of {earlier}"
            : running == _afterWait
                ? $"{access} of {earlier}, which may still run: '{order!.AfterWait.NotWaitedForBy}' in between does not wait for it"
            : $"ld.global.nc of {earlier}, which may write while this kernel runs";
        var address = _allocation!.Start + (ulong)conflict.Offset;
        throw Fault(PtxFaultKind.Overlap, LaneAt(addresses, lanesMask, address, bytes), address, problem);
    }

    private FaultSignal Unwritten(ulong* addresses, uint lanesMask, ulong address, int bytes) =>
        Fault(
            PtxFaultKind.UninitialisedRead,
            LaneAt(addresses, lanesMask, address, bytes),
            address,
            "nobody wrote what is read"
        );

    /// <summary>The lane that touches an address; all of them where it is none's alone.</summary>
    private static uint LaneAt(ulong* addresses, uint lanesMask, ulong address, int bytes)
    {
        for (var rest = lanesMask; rest != 0; rest &= rest - 1)
        {
            var lane = BitOperations.TrailingZeroCount(rest);
            if (address - addresses[lane] < (ulong)bytes)
            {
                return 1u << lane;
            }
        }
        return lanesMask;
    }

    private FaultSignal Fault(PtxFaultKind kind, uint lanesMask, ulong address, string problem) =>
        new(
            kind,
            $"{problem}: global address 0x{address:X}, {memory.Describe(address)}",
            BitOperations.TrailingZeroCount(lanesMask),
            address
        );
}
