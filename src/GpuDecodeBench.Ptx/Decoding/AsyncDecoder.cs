using GpuDecodeBench.Ptx.Execution;
using GpuDecodeBench.Ptx.Memory;
using GpuDecodeBench.Ptx.Parsing;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>cp.async, cp.async.bulk and mbarrier.</summary>
internal static class AsyncDecoder
{
    public static void Register(Dictionary<string, Action<InstructionReader>> table)
    {
        table["cp"] = Copy;
        table["mbarrier"] = Barrier;
    }

    private static void Copy(InstructionReader r)
    {
        if (!r.Take("async"))
        {
            throw r.Refuse("cp without .async");
        }
        if (r.Take("bulk"))
        {
            Bulk(r);
            return;
        }
        switch (r.TakeOneOf("commit_group", "wait_group", "wait_all", "mbarrier"))
        {
            case "commit_group":
                r.End(0);
                r.Emit(InstructionClass.Sync, new LaneOperations.Whole(static (w, mask) => w.Copies.Commit(mask)));
                return;
            case "wait_group":
                r.End(1);
                var pending = (int)r.Number(0);
                r.Emit(InstructionClass.Sync, new LaneOperations.Whole((w, mask) => w.Copies.Wait(w, mask, pending)));
                return;
            case "wait_all":
                r.End(0);
                r.Emit(InstructionClass.Sync, new LaneOperations.Whole(static (w, mask) => w.Copies.WaitAll(w, mask)));
                return;
            case "mbarrier":
                throw r.Refuse("cp.async.mbarrier.arrive is not known");
            default:
                break;
        }
        var cached = r.TakeOneOf("ca", "cg") ?? throw r.Refuse("cp.async without .ca or .cg");
        if (r.TakeOneOf("shared", "shared::cta") is null || !r.Take("global"))
        {
            throw r.Refuse("cp.async goes from global to shared memory");
        }
        var policy = MemoryDecoder.TakeHints(r);
        var bytes = (int)r.Number(2);
        if (bytes is not (4 or 8 or 16) || (cached == "cg" && bytes != 16))
        {
            throw r.Refuse($"cp.async.{cached} of {bytes} bytes");
        }
        var hasSize = r.OperandCount - (policy ? 1 : 0) > 3;
        r.End(3 + (hasSize ? 1 : 0) + (policy ? 1 : 0));
        r.Emit(
            InstructionClass.Load,
            new AsyncOperations.Copy(
                MemoryDecoder.Address(r, 0, AddressSpace.Shared),
                MemoryDecoder.Address(r, 1, AddressSpace.Global),
                bytes,
                hasSize ? r.Source(3, 4) : -1
            )
        );
    }

    private static void Bulk(InstructionReader r)
    {
        if (r.TakeOneOf("commit_group", "wait_group") is { } wait)
        {
            _ = r.Take("read");
            r.End(wait == "commit_group" ? 0 : 1);
            // Bulk stores are done when issued: there is nothing to wait for.
            r.Emit(InstructionClass.Sync, new LaneOperations.Whole(static (_, _) => { }));
            return;
        }
        if (r.Take("prefetch"))
        {
            if (!r.Take("L2") || !r.Take("global"))
            {
                throw r.Refuse("bulk prefetches bring global memory to the second-level cache");
            }
            r.End(MemoryDecoder.TakeHints(r) ? 3 : 2);
            r.Emit(
                InstructionClass.Load,
                new AsyncOperations.BulkPrefetch(MemoryDecoder.Address(r, 0, AddressSpace.Global), r.Source(1, 4))
            );
            return;
        }
        var policy = MemoryDecoder.TakeHints(r);
        var complete = r.Take("mbarrier::complete_tx::bytes");
        if (complete)
        {
            if (r.TakeOneOf("shared::cluster", "shared::cta") is null || !r.Take("global"))
            {
                throw r.Refuse("bulk copies with an mbarrier go from global to shared memory");
            }
            r.End(policy ? 5 : 4);
            r.Emit(
                InstructionClass.Load,
                new AsyncOperations.BulkLoad(
                    MemoryDecoder.Address(r, 0, AddressSpace.Shared),
                    MemoryDecoder.Address(r, 1, AddressSpace.Global),
                    r.Source(2, 4),
                    MemoryDecoder.Address(r, 3, AddressSpace.Shared)
                )
            );
            return;
        }
        if (!r.Take("bulk_group") || !r.Take("global") || !r.Take("shared::cta"))
        {
            throw r.Refuse("this form of cp.async.bulk is not known");
        }
        r.End(policy ? 4 : 3);
        r.Emit(
            InstructionClass.Store,
            new AsyncOperations.BulkStore(
                MemoryDecoder.Address(r, 0, AddressSpace.Global),
                MemoryDecoder.Address(r, 1, AddressSpace.Shared),
                r.Source(2, 4)
            )
        );
    }

    private static void Barrier(InstructionReader r)
    {
        var action =
            r.TakeOneOf("init", "inval", "arrive", "arrive_drop", "expect_tx", "try_wait", "test_wait")
            ?? throw r.Refuse("this form of mbarrier is not known");
        var expects = action.StartsWith("arrive", StringComparison.Ordinal) && r.Take("expect_tx");
        var parity = r.Take("parity");
        r.TakeAll(static m =>
            m is "shared" or "shared::cta" or "acquire" or "release" or "relaxed" or "cta" or "cluster" or "noComplete"
        );
        if (r.TakeType().Name != "b64")
        {
            throw r.Refuse("mbarriers are of '.b64'");
        }
        switch (action)
        {
            case "init":
                r.End(2);
                ForEach(
                    r,
                    0,
                    1,
                    static (w, lane, address, count) => w.Cta.Barriers.Initialise(w, lane, address, (int)count)
                );
                break;
            case "inval":
                r.End(1);
                ForEach(r, 0, -1, static (w, lane, address, _) => w.Cta.Barriers.Invalidate(w, lane, address));
                break;
            case "expect_tx":
                r.End(2);
                ForEach(r, 0, 1, static (w, lane, address, bytes) => w.Cta.Barriers.Expect(w, lane, address, bytes));
                break;
            case "arrive" or "arrive_drop":
                Arrive(r, expects, action == "arrive_drop");
                break;
            default:
                Wait(r, parity);
                break;
        }
    }

    private static void ForEach(InstructionReader r, int address, int operand, Action<Warp, int, ulong, uint> action) =>
        r.Emit(
            InstructionClass.Sync,
            new AsyncOperations.PerLane(
                MemoryDecoder.Address(r, address, AddressSpace.Shared),
                operand < 0 ? -1 : r.Source(operand, 4),
                action
            )
        );

    private static unsafe void Arrive(InstructionReader r, bool expects, bool drop)
    {
        // `mbarrier.arrive.b64 _, [a]` and, with a scope of the cluster, `[a]` alone.
        var first = r[0].Form == OperandForm.Address ? 0 : 1;
        r.End(first + 1, first + 2);
        var d = first == 0 || r[0].Form == OperandForm.Sink ? -1 : r.Destination(0, 8);
        var hasOperand = r.OperandCount > first + 1;
        ForEach(
            r,
            first,
            hasOperand ? first + 1 : -1,
            (w, lane, address, value) =>
            {
                var arrivals = hasOperand && !expects ? (int)value : 1;
                var phase = w.Cta.Barriers.Arrive(w, lane, address, arrivals, expects ? value : 0, drop);
                if (d >= 0)
                {
                    ((ulong*)(w.Registers + d))[lane] = phase;
                }
            }
        );
    }

    private static void Wait(InstructionReader r, bool parity)
    {
        r.End(3, 4);
        var d = r.Destination(0, 0);
        var address = MemoryDecoder.Address(r, 1, AddressSpace.Shared);
        var bytes = parity ? 4 : 8;
        var phase = r.Source(2, bytes);
        r.Emit(
            InstructionClass.Sync,
            new LaneOperations.Whole(
                (w, mask) =>
                    LaneOperations.SetPredicateLanes(
                        w,
                        mask,
                        d,
                        w.Cta.Barriers.Test(w, mask, address, phase, bytes, parity)
                    )
            )
        );
    }
}
