using System.Numerics;
using GpuDecodeBench.Ptx.Memory;

namespace GpuDecodeBench.Ptx.Execution;

/// <summary>A CTA while it runs: its warps, barriers and how far its memory accesses are ordered.</summary>
internal sealed class Cta
{
    public const int AsynchronousAgent = 32;
    public const int AgentCount = 33;
    private const int WarpBudget = 4096;
    private const int IdleRoundsBeforeDeadlock = 200_000;

    private readonly Barrier[] _barriers = [.. Enumerable.Range(0, 16).Select(_ => new Barrier())];
    private uint _segment;
    private long _progress;

    public Cta(Worker worker) => Worker = worker;

    public Worker Worker { get; }

    public Warp[] Warps { get; set; } = [];

    public AsynchronousCopies Copies { get; } = new();

    public MemoryBarriers Barriers { get; } = new();

    public CtaOrder Order { get; } = new();

    /// <summary>Index of the CTA in the grid.</summary>
    public GridShape Index { get; private set; }

    /// <summary>Segment of the asynchronous write that goes on.</summary>
    public uint AsynchronousSegment { get; private set; }

    public uint NextSegment()
    {
        // Times never start over, so that histories need no clearing between CTAs.
        if (_segment == uint.MaxValue)
        {
            throw new InvalidOperationException("more synchronisations than the race check can tell apart");
        }
        return ++_segment;
    }

    public uint BeginAsynchronousWrite() => AsynchronousSegment = NextSegment();

    public void Progress() => _progress++;

    public void Run(GridShape index, int threads, CancellationToken cancellation)
    {
        Index = index;
        var past = _segment;
        foreach (var barrier in _barriers)
        {
            barrier.Clear();
        }
        Copies.Clear();
        Barriers.Clear();
        Order.Begin();
        foreach (var warp in Warps)
        {
            var lanes = threads - (warp.Index * 32);
            warp.Begin(lanes >= 32 ? uint.MaxValue : (1u << lanes) - 1);
            warp.KnownSegments.Fill(past);
            warp.OwnSegment = NextSegment();
        }
        var idleRounds = 0;
        while (true)
        {
            cancellation.ThrowIfCancellationRequested();
            var before = _progress;
            var ran = false;
            var spun = true;
            foreach (var warp in Warps)
            {
                if (warp.CanRun)
                {
                    ran = true;
                    Worker.Run(warp, WarpBudget);
                    spun &= warp.Yielded;
                }
            }
            if (Deliver())
            {
                spun = false;
                ran = true;
            }
            if (!ran)
            {
                break;
            }
            idleRounds = spun && before == _progress ? idleRounds + 1 : 0;
            if (idleRounds > IdleRoundsBeforeDeadlock)
            {
                throw Deadlock("only polls, nothing changes what they wait for");
            }
        }
        if (Array.Exists(Warps, w => !w.Done))
        {
            throw Deadlock("every remaining thread waits");
        }
        Order.End(Worker.Order);
    }

    public void Arrive(Warp warp, ref LaneGroup group, BarrierOperation operation)
    {
        var lane = BitOperations.TrailingZeroCount(group.Lanes);
        var id = (int)Value(warp, operation.IdOffsetBytes, lane);
        if (id is < 0 or > 15)
        {
            throw new FaultSignal(PtxFaultKind.BarrierMisuse, $"barrier {id}; there are 0 to 15", lane);
        }
        var barrier = _barriers[id];
        var expected = operation.CountOffsetBytes < 0 ? 0 : (int)Value(warp, operation.CountOffsetBytes, lane);
        if (expected % 32 != 0)
        {
            throw new FaultSignal(PtxFaultKind.BarrierMisuse, $"thread count {expected} is no multiple of 32", lane);
        }
        if (barrier.Arrived > 0 && barrier.Expected != expected)
        {
            throw new FaultSignal(
                PtxFaultKind.BarrierMisuse,
                $"barrier {id} is used with {expected} threads (0: all) while others used it with {barrier.Expected}",
                lane
            );
        }
        Progress();
        barrier.Expected = expected;
        barrier.Arrived += BitOperations.PopCount(group.Lanes);
        Vote(warp, group.Lanes, barrier, operation);
        warp.EndSegment();
        Join(barrier.Known, warp.KnownSegments);
        if (operation.Waits)
        {
            group.State = GroupState.AtBarrier;
            group.Barrier = id;
        }
        else
        {
            group.Position++;
        }
        TryRelease(id);
    }

    /// <summary>Threads that ended count no more among those a barrier waits for.</summary>
    public void LanesEnded()
    {
        Progress();
        for (var id = 0; id < _barriers.Length; id++)
        {
            if (_barriers[id].Arrived > 0)
            {
                TryRelease(id);
            }
        }
    }

    public static void Join(Span<uint> into, ReadOnlySpan<uint> from)
    {
        for (var i = 0; i < into.Length; i++)
        {
            into[i] = Math.Max(into[i], from[i]);
        }
    }

    private bool Deliver()
    {
        try
        {
            return Copies.Deliver(this);
        }
        catch (FaultSignal signal)
        {
            throw Worker.Fault(signal, Warps[0], null);
        }
    }

    private static unsafe uint Value(Warp warp, int offset, int lane) => ((uint*)(warp.Registers + offset))[lane];

    private static unsafe void Vote(Warp warp, uint lanes, Barrier barrier, BarrierOperation operation)
    {
        if (operation.Reduction is null)
        {
            return;
        }
        var value = *(uint*)(warp.Registers + operation.PredicateOffsetBytes);
        barrier.True += BitOperations.PopCount(lanes & (operation.PredicateNegated ? ~value : value));
        barrier.Voted += BitOperations.PopCount(lanes);
    }

    private void TryRelease(int id)
    {
        var barrier = _barriers[id];
        var needed = barrier.Expected;
        if (needed == 0)
        {
            foreach (var warp in Warps)
            {
                needed += BitOperations.PopCount(warp.Live);
            }
        }
        if (barrier.Arrived < needed)
        {
            return;
        }
        foreach (var warp in Warps)
        {
            var lanes = warp.LanesAt(id);
            if (lanes != 0)
            {
                WriteResults(warp, id, barrier);
                Join(warp.KnownSegments, barrier.Known);
                warp.Release(id);
            }
        }
        barrier.Clear();
        Progress();
    }

    private static void WriteResults(Warp warp, int id, Barrier barrier)
    {
        foreach (ref readonly var group in warp.Groups)
        {
            if (
                group.State != GroupState.AtBarrier
                || group.Barrier != id
                || warp.OperationAt(group.Position) is not BarrierOperation { Reduction: { } reduction } operation
            )
            {
                continue;
            }
            if (reduction == "popc")
            {
                LaneOperations.Broadcast(warp, group.Lanes, operation.ResultOffsetBytes, 4, (ulong)barrier.True);
                continue;
            }
            var result = reduction == "and" ? barrier.True == barrier.Voted : barrier.True > 0;
            LaneOperations.SetPredicateLanes(
                warp,
                group.Lanes,
                operation.ResultOffsetBytes,
                result ? uint.MaxValue : 0
            );
        }
    }

    private PtxFaultException Deadlock(string why)
    {
        var text = new System.Text.StringBuilder(why);
        Warp? first = null;
        var lane = 0;
        var position = 0;
        foreach (var warp in Warps)
        {
            foreach (ref readonly var group in warp.Groups)
            {
                if (first is null)
                {
                    first = warp;
                    lane = BitOperations.TrailingZeroCount(group.Lanes);
                    position = group.Position;
                }
                var source = warp.OperationAt(group.Position).Source;
                text.Append($"; warp {warp.Index} lanes 0x{group.Lanes:X8} at line {source?.Line} `{source?.Text}`");
            }
        }
        return Worker.Fault(
            new FaultSignal(PtxFaultKind.Deadlock, text.ToString(), lane),
            first!,
            first!.OperationAt(position).Source
        );
    }
}
