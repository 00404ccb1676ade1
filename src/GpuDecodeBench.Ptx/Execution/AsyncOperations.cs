using System.Numerics;
using GpuDecodeBench.Ptx.Memory;

namespace GpuDecodeBench.Ptx.Execution;

/// <summary>Copies that go on while their thread does, and what is done lane by lane to mbarriers.</summary>
internal static unsafe class AsyncOperations
{
    private const int BulkUnitBytes = 16;

    public sealed class Copy(AddressSource destination, AddressSource source, int bytes, int sizeOffsetBytes)
        : Operation
    {
        public override void Execute(Warp warp, uint mask)
        {
            var worker = warp.Cta.Worker;
            source.Compute(warp, mask);
            var whole = mask;
            for (var rest = sizeOffsetBytes < 0 ? 0 : mask; rest != 0; rest &= rest - 1)
            {
                var lane = BitOperations.TrailingZeroCount(rest);
                whole &= Size(warp, lane) == bytes ? uint.MaxValue : ~(1u << lane);
            }
            if (whole != 0)
            {
                worker.Resolve(warp, whole, AddressSpace.Global, bytes, AccessKind.Read);
            }
            var segment = warp.Cta.BeginAsynchronousWrite();
            for (; mask != 0; mask &= mask - 1)
            {
                var lane = BitOperations.TrailingZeroCount(mask);
                var value =
                    (whole >> lane & 1) != 0
                        ? Bits(worker.Pointers[lane], bytes)
                        : Bits(worker.Part(warp, worker.Addresses[lane], Size(warp, lane), lane), Size(warp, lane));
                var to = destination.Of(warp, lane);
                worker.Shared.CheckRange(lane, to, bytes);
                worker.Shared.NoteAsynchronousWrite(warp, lane, (int)to, bytes);
                warp.Copies.Add(lane, segment, (int)to, value, bytes);
            }
        }

        private int Size(Warp warp, int lane)
        {
            var size = ((uint*)(warp.Registers + sizeOffsetBytes))[lane];
            return size <= (uint)bytes
                ? (int)size
                : throw new FaultSignal(
                    PtxFaultKind.IllegalOperation,
                    $"cp.async takes {size} bytes from the source and copies {bytes}",
                    lane
                );
        }

        // Bytes beyond the source's size are zeros.
        private static UInt128 Bits(byte* pointer, int count)
        {
            UInt128 value = 0;
            Buffer.MemoryCopy(pointer, &value, sizeof(UInt128), count);
            return value;
        }
    }

    public sealed class BulkLoad(AddressSource destination, AddressSource source, int size, AddressSource barrier)
        : Operation
    {
        public override void Execute(Warp warp, uint mask)
        {
            var worker = warp.Cta.Worker;
            for (; mask != 0; mask &= mask - 1)
            {
                var lane = BitOperations.TrailingZeroCount(mask);
                var count = BulkSize(warp, size, lane);
                var to = destination.Of(warp, lane);
                Aligned(lane, to, "destination");
                worker.Shared.CheckRange(lane, to, count);
                var from = source.Of(warp, lane);
                Aligned(lane, from, "source");
                var pointer = worker.Bulk(warp, from, count, lane, AccessKind.Read);
                var signal = barrier.Of(warp, lane);
                var segment = warp.Cta.BeginAsynchronousWrite();
                worker.Shared.NoteAsynchronousWrite(warp, lane, (int)to, count);
                var thread = lane;
                warp.Cta.Copies.Add(() =>
                {
                    worker.Shared.Put((int)to, new ReadOnlySpan<byte>(pointer, count));
                    warp.Cta.Barriers.Complete(thread, signal, count, segment);
                });
            }
        }
    }

    public sealed class BulkStore(AddressSource destination, AddressSource source, int size) : Operation
    {
        public override void Execute(Warp warp, uint mask)
        {
            var worker = warp.Cta.Worker;
            for (; mask != 0; mask &= mask - 1)
            {
                var lane = BitOperations.TrailingZeroCount(mask);
                var count = BulkSize(warp, size, lane);
                var from = source.Of(warp, lane);
                Aligned(lane, from, "source");
                var to = destination.Of(warp, lane);
                Aligned(lane, to, "destination");
                worker.Shared.CheckRange(lane, from, count);
                var pointer = worker.Bulk(warp, to, count, lane, AccessKind.Write);
                for (var at = 0; at < count; at += BulkUnitBytes)
                {
                    var unit = worker.Shared.Access(warp, lane, from + (ulong)at, BulkUnitBytes, AccessKind.Read);
                    Buffer.MemoryCopy(unit, pointer + at, BulkUnitBytes, BulkUnitBytes);
                }
            }
        }
    }

    /// <summary>A wish about the second-level cache: nothing is read, and what somebody writes meanwhile is seen.</summary>
    public sealed class BulkPrefetch(AddressSource source, int size) : Operation
    {
        public override void Execute(Warp warp, uint mask)
        {
            for (; mask != 0; mask &= mask - 1)
            {
                var lane = BitOperations.TrailingZeroCount(mask);
                var count = BulkSize(warp, size, lane);
                var from = source.Of(warp, lane);
                Aligned(lane, from, "source");
                warp.Cta.Worker.Prefetch(from, count, lane);
            }
        }
    }

    public sealed class PerLane(AddressSource address, int operand, Action<Warp, int, ulong, uint> action) : Operation
    {
        public override void Execute(Warp warp, uint mask)
        {
            for (; mask != 0; mask &= mask - 1)
            {
                var lane = BitOperations.TrailingZeroCount(mask);
                var value = operand < 0 ? 0 : ((uint*)(warp.Registers + operand))[lane];
                action(warp, lane, address.Of(warp, lane), value);
            }
        }
    }

    private static int BulkSize(Warp warp, int size, int lane)
    {
        var count = ((uint*)(warp.Registers + size))[lane];
        return count % BulkUnitBytes == 0 && count > 0 && count <= int.MaxValue
            ? (int)count
            : throw new FaultSignal(
                PtxFaultKind.IllegalOperation,
                $"bulk copy of {count} bytes, no positive multiple of {BulkUnitBytes}",
                lane
            );
    }

    private static void Aligned(int lane, ulong address, string which)
    {
        if (address % BulkUnitBytes != 0)
        {
            throw new FaultSignal(
                PtxFaultKind.Misaligned,
                $"{which} 0x{address:X} of a bulk copy is no multiple of {BulkUnitBytes}",
                lane,
                address
            );
        }
    }
}
