using System.Numerics;
using System.Runtime.InteropServices;
using GpuDecodeBench.Ptx.Counters;
using GpuDecodeBench.Ptx.Decoding;

namespace GpuDecodeBench.Ptx.Execution;

/// <summary>
/// 32 lanes with their registers. Lanes that stand at different instructions form groups; the group standing lowest in
/// the layout runs until it reaches another, which is where lanes meet again.
/// </summary>
internal sealed unsafe partial class Warp : IDisposable
{
    // A loop that waits for lanes standing further down would never end by the rule above: now and then another group goes first.
    private const ulong InstructionsBeforeAnotherGroup = 1 << 18;

    private readonly Operation[] _code;
    private readonly int _registerBytes;
    private readonly LaneGroup[] _groups = new LaneGroup[33];
    private readonly uint[] _knownSegments;
    private readonly WorkerCounters _counters;
    private int _groupCount;
    private int _running;
    private int _preferred;
    private ulong _clockAtChange;
    private int _groupsAtChange;
    private bool _yield;

    public Warp(Cta cta, int index, KernelProgram program, WorkerCounters counters)
    {
        Cta = cta;
        Index = index;
        _code = program.Code;
        _counters = counters;
        _registerBytes = program.RegisterBytes;
        Registers = (byte*)NativeMemory.AlignedAlloc((nuint)_registerBytes, 64);
        _knownSegments = new uint[Cta.AgentCount];
    }

    /// <summary>Register file: every slot holds its 32 lanes one after the other.</summary>
    public byte* Registers { get; }

    public Cta Cta { get; }

    public int Index { get; }

    public int RegisterBytes => _registerBytes;

    /// <summary>Lanes that have not ended.</summary>
    public uint Live { get; private set; }

    /// <summary>Instructions the warp was issued: what clocks show.</summary>
    public ulong Clock { get; private set; }

    public bool Done => _groupCount == 0;

    /// <summary>Whether some lanes can go on.</summary>
    public bool CanRun
    {
        get
        {
            for (var i = 0; i < _groupCount; i++)
            {
                if (_groups[i].State == GroupState.Ready)
                {
                    return true;
                }
            }
            return false;
        }
    }

    public bool Yielded { get; private set; }

    /// <summary>Instruction that runs or ran last.</summary>
    public PtxInstruction? Current => _code[_running].Source;

    public ReadOnlySpan<LaneGroup> Groups => _groups.AsSpan(0, _groupCount);

    public void Begin(uint lanes)
    {
        Live = lanes;
        Clock = 0;
        _groupCount = lanes == 0 ? 0 : 1;
        _groups[0] = new() { Lanes = lanes };
        _preferred = 0;
        _clockAtChange = 0;
        _groupsAtChange = 0;
        _pastWait = Cta.Worker.Order is { IsProgrammatic: true } ? 0 : uint.MaxValue;
        Copies.Clear();
    }

    /// <summary>Has the warp stop after the instruction that runs, so that others get on.</summary>
    public void Yield() => _yield = true;

    /// <summary>Runs until nothing can go on, the budget is used or the warp yields.</summary>
    public void Run(int budget)
    {
        _yield = false;
        while (budget > 0 && !_yield && Select(out var chosen, out var limit))
        {
            RunGroup(chosen, limit, ref budget);
        }
        Yielded = _yield;
    }

    /// <summary>Lets lanes at a barrier go on behind it.</summary>
    public void Release(int barrier)
    {
        for (var i = 0; i < _groupCount; i++)
        {
            ref var group = ref _groups[i];
            if (group.State == GroupState.AtBarrier && group.Barrier == barrier)
            {
                group.State = GroupState.Ready;
                group.Position++;
            }
        }
    }

    /// <summary>Lanes that wait at a barrier of the CTA.</summary>
    public uint LanesAt(int barrier)
    {
        uint lanes = 0;
        foreach (ref readonly var group in Groups)
        {
            lanes |= group.State == GroupState.AtBarrier && group.Barrier == barrier ? group.Lanes : 0;
        }
        return lanes;
    }

    public Operation OperationAt(int position) => _code[position];

    public void Dispose() => NativeMemory.AlignedFree(Registers);

    public static string DescribeAgent(int agent) =>
        agent < Cta.AsynchronousAgent ? $"warp {agent}" : "an asynchronous copy";

    /// <summary>Segment in which accesses by an agent on this warp's behalf happen.</summary>
    public uint Segment(int agent) => agent == Index ? OwnSegment : Cta.AsynchronousSegment;

    public uint OwnSegment { get; set; }

    /// <summary>Whether an access in a segment of an agent is past for all this warp's lanes.</summary>
    public bool Knows(int agent, uint segment) => segment <= _knownSegments[agent];

    /// <summary>Times of other agents' accesses the warp knows to be past.</summary>
    public Span<uint> KnownSegments => _knownSegments;

    /// <summary>What an agent did up to a segment is past for this warp.</summary>
    public void Learn(int agent, uint segment) => _knownSegments[agent] = Math.Max(_knownSegments[agent], segment);

    /// <summary>cp.async copies its threads have under way.</summary>
    public CopyQueue Copies { get; } = new();

    /// <summary>Ends the warp's segment: what its lanes did is past for all of them.</summary>
    public void EndSegment()
    {
        _knownSegments[Index] = OwnSegment;
        OwnSegment = Cta.NextSegment();
    }

    private void RunGroup(int chosen, int limit, ref int budget)
    {
        var position = _groups[chosen].Position;
        var lanes = _groups[chosen].Lanes;
        var warpInstructions = _counters.WarpInstructions;
        var threadInstructions = _counters.ThreadInstructions;
        while (true)
        {
            var operation = _code[position];
            _running = position;
            var mask = lanes;
            if (operation.GuardOffsetBytes >= 0)
            {
                var guard = *(uint*)(Registers + operation.GuardOffsetBytes);
                mask &= operation.GuardNegated ? ~guard : guard;
            }
            if (operation.Counts)
            {
                Clock++;
                warpInstructions[(int)operation.Class]++;
                threadInstructions[(int)operation.Class] += BitOperations.PopCount(mask);
            }
            budget--;
            if (operation.Kind == OperationKind.Plain)
            {
                if (mask != 0)
                {
                    operation.Execute(this, mask);
                }
                position++;
            }
            else if (operation.Kind == OperationKind.Jump)
            {
                position = ((JumpOperation)operation).Target;
            }
            else if (operation.Kind == OperationKind.Branch && (mask == 0 || mask == lanes))
            {
                position = mask == 0 ? position + 1 : ((BranchOperation)operation).Target;
            }
            else if (mask == 0)
            {
                position++;
            }
            else
            {
                _groups[chosen].Position = position;
                Control(chosen, operation, mask);
                return;
            }
            if (position >= limit || budget <= 0 || _yield)
            {
                _groups[chosen].Position = position;
                return;
            }
        }
    }

    // Handles what may take a group apart. Lanes whose guard is false go on to the next instruction.
    private void Control(int chosen, Operation operation, uint mask)
    {
        ref var group = ref _groups[chosen];
        var position = group.Position;
        var others = group.Lanes & ~mask;
        group.Lanes = mask;
        if (others != 0)
        {
            Add(new() { Position = position + 1, Lanes = others });
        }
        switch (operation.Kind)
        {
            case OperationKind.Branch:
                group.Position = ((BranchOperation)operation).Target;
                break;
            case OperationKind.IndexedBranch:
                var (lanes, target) = ((IndexedBranchOperation)operation).First(this, mask);
                if (lanes != mask)
                {
                    Add(new() { Position = position, Lanes = mask & ~lanes });
                }
                group.Lanes = lanes;
                group.Position = target;
                break;
            case OperationKind.Exit:
                Live &= ~mask;
                Remove(chosen);
                Retry();
                Cta.LanesEnded();
                break;
            case OperationKind.Barrier:
                Cta.Arrive(this, ref group, (BarrierOperation)operation);
                break;
            default:
                Synchronise(chosen, (WarpSyncOperation)operation);
                break;
        }
    }
}
