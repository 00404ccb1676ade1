using System.Numerics;
using GpuDecodeBench.Ptx.Execution;
using GpuDecodeBench.Ptx.Parsing;

namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>Branches, ends, barriers and what lanes of a warp do together.</summary>
internal static class ControlDecoder
{
    private const InstructionClass Sync = InstructionClass.Sync;

    public static void Register(Dictionary<string, Action<InstructionReader>> table)
    {
        table["bra"] = Branch;
        table["brx"] = IndexedBranch;
        table["ret"] = Exit;
        table["exit"] = Exit;
        table["trap"] = Trap;
        table["bar"] = Barrier;
        table["barrier"] = Barrier;
        table["shfl"] = WarpDecoder.Shuffle;
        table["vote"] = WarpDecoder.Vote;
        table["match"] = WarpDecoder.Match;
        table["redux"] = WarpDecoder.Reduce;
        table["activemask"] = WarpDecoder.ActiveMask;
        table["elect"] = WarpDecoder.Elect;
        table["nanosleep"] = Sleep;
        table["membar"] = Fence;
        table["fence"] = Fence;
        table["griddepcontrol"] = GridDependency;
        table["setmaxnreg"] = RegisterCount;
        table["pmevent"] = static r => Nothing(r, 1);
    }

    private static void Branch(InstructionReader r)
    {
        _ = r.Take("uni");
        r.End(1);
        r.Kernel.EmitBranch(r, new BranchOperation(), [r[0].Text]);
    }

    private static void IndexedBranch(InstructionReader r)
    {
        _ = r.Take("uni");
        if (!r.Take("idx"))
        {
            throw r.Refuse("brx without .idx");
        }
        r.End(2);
        var labels = r.Kernel.TargetList(r, r[1].Text);
        r.Kernel.EmitBranch(r, new IndexedBranchOperation(r.Source(0, 4)), labels);
    }

    private static void Exit(InstructionReader r)
    {
        _ = r.Take("uni");
        r.End(0);
        r.Emit(InstructionClass.Branch, new ExitOperation());
    }

    private static void Trap(InstructionReader r)
    {
        r.End(0);
        r.Emit(
            InstructionClass.Other,
            new LaneOperations.Whole(
                static (_, mask) =>
                    throw new FaultSignal(PtxFaultKind.Trap, "trap", BitOperations.TrailingZeroCount(mask))
            )
        );
    }

    private static void Barrier(InstructionReader r)
    {
        _ = r.Take("cta");
        _ = r.Take("aligned");
        if (r.Take("warp"))
        {
            if (!r.Take("sync"))
            {
                throw r.Refuse("bar.warp without .sync");
            }
            r.End(1);
            r.Emit(Sync, new WarpSyncOperation(r.Source(0, 4), static (_, _) => { }, ordersMemory: true));
            return;
        }
        switch (r.TakeOneOf("sync", "arrive", "red"))
        {
            case "sync":
                r.End(1, 2);
                r.Emit(Sync, new BarrierOperation(r.Source(0, 4), r.OperandCount > 1 ? r.Source(1, 4) : -1));
                break;
            case "arrive":
                r.End(2);
                r.Emit(Sync, new BarrierOperation(r.Source(0, 4), r.Source(1, 4), waits: false));
                break;
            case "red":
                Reduction(r);
                break;
            default:
                throw r.Refuse("barrier without .sync, .arrive or .red");
        }
    }

    private static void Reduction(InstructionReader r)
    {
        var kind = r.TakeOneOf("popc", "and", "or") ?? throw r.Refuse("bar.red without .popc, .and or .or");
        _ = r.TakeType();
        r.End(3, 4);
        var last = r.OperandCount - 1;
        r.Emit(
            Sync,
            new BarrierOperation(r.Source(1, 4), r.OperandCount > 3 ? r.Source(2, 4) : -1)
            {
                Reduction = kind,
                PredicateOffsetBytes = r.Predicate(last),
                PredicateNegated = r[last].Negated,
                ResultOffsetBytes = r.Destination(0, kind == "popc" ? 4 : 0),
            }
        );
    }

    private static void Sleep(InstructionReader r)
    {
        _ = r.TakeType();
        r.End(1);
        r.Emit(Sync, new LaneOperations.Whole(static (warp, _) => warp.Yield()));
    }

    // Warps of a CTA run on one host thread and host memory is coherent: fences are only counted.
    private static void Fence(InstructionReader r)
    {
        r.TakeAll(static m =>
            m
                is "cta"
                    or "gl"
                    or "gpu"
                    or "sys"
                    or "cluster"
                    or "sc"
                    or "acq_rel"
                    or "acquire"
                    or "release"
                    or "proxy"
                    or "alias"
                    or "async"
                    or "async::global"
                    or "async::shared::cta"
                    or "async::shared::cluster"
                    or "mbarrier_init"
                    or "async::generic"
                    or "sync_restrict::shared::cta::cluster"
        );
        r.End(0);
        r.Emit(Sync, new LaneOperations.Whole(static (_, _) => { }));
    }

    private static void GridDependency(InstructionReader r)
    {
        var action = r.TakeOneOf("launch_dependents", "wait") ?? throw r.Refuse("griddepcontrol without an action");
        r.End(0);
        r.Emit(
            InstructionClass.Other,
            new LaneOperations.Whole(
                action == "wait"
                    ? static (warp, mask) => warp.WaitForEarlierLaunches(mask)
                    : static (warp, mask) => warp.LetNextLaunchStart(mask)
            )
        );
    }

    private static void RegisterCount(InstructionReader r)
    {
        if (r.TakeOneOf("inc", "dec") is null)
        {
            throw r.Refuse("setmaxnreg without .inc or .dec");
        }
        r.TakeAll(static m => m is "sync" or "aligned" or "u32");
        Nothing(r, 1);
    }

    private static void Nothing(InstructionReader r, int operands)
    {
        r.End(operands);
        r.Emit(InstructionClass.Other, new LaneOperations.Whole(static (_, _) => { }));
    }
}
