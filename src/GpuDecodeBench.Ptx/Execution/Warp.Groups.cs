using System.Numerics;

namespace GpuDecodeBench.Ptx.Execution;

/// <summary>How groups of lanes wait for one another, meet and are chosen to run.</summary>
internal sealed unsafe partial class Warp
{
    private void Synchronise(int chosen, WarpSyncOperation operation)
    {
        var position = _groups[chosen].Position;
        var arrived = _groups[chosen].Lanes;
        var members = (uint*)(Registers + operation.MembersOffsetBytes);
        uint waiting = 0;
        for (var rest = arrived; rest != 0; )
        {
            var lane = BitOperations.TrailingZeroCount(rest);
            var named = members[lane];
            var together = rest & LaneVectors.EqualTo(members, named);
            rest &= ~together;
            if ((together & ~named) != 0)
            {
                lane = BitOperations.TrailingZeroCount(together & ~named);
                throw new FaultSignal(
                    PtxFaultKind.BarrierMisuse,
                    $"lane {lane} is not in its own member mask 0x{named:X8}",
                    lane
                );
            }
            if ((named & Live & ~together) == 0)
            {
                operation.Execute(this, together);
                if (operation.OrdersMemory)
                {
                    EndSegment();
                }
            }
            else if (!(operation.OrdersMemory && MeetsElsewhere(named & Live, together, chosen)))
            {
                waiting |= together;
            }
        }
        ref var group = ref _groups[chosen];
        if (waiting == arrived)
        {
            group.State = GroupState.AtWarpSync;
            return;
        }
        if (waiting != 0)
        {
            Add(
                new()
                {
                    Position = position,
                    Lanes = waiting,
                    State = GroupState.AtWarpSync,
                }
            );
        }
        group.Lanes = arrived & ~waiting;
        group.Position = position + 1;
    }

    // bar.warp.sync may stand at different places for different lanes; whoever comes last lets all go on.
    private bool MeetsElsewhere(uint needed, uint here, int chosen)
    {
        var found = here;
        for (var i = 0; i < _groupCount; i++)
        {
            found |= i != chosen && WaitsForWarp(_groups[i]) ? _groups[i].Lanes : 0;
        }
        if ((needed & ~found) != 0)
        {
            return false;
        }
        for (var i = 0; i < _groupCount; i++)
        {
            ref var group = ref _groups[i];
            if (i != chosen && WaitsForWarp(group) && (group.Lanes & needed) != 0)
            {
                group.State = GroupState.Ready;
                group.Position++;
            }
        }
        EndSegment();
        return true;
    }

    private bool WaitsForWarp(in LaneGroup group) =>
        group.State == GroupState.AtWarpSync && _code[group.Position] is WarpSyncOperation { OrdersMemory: true };

    // Lanes that ended may have been what others waited for.
    private void Retry()
    {
        for (var i = 0; i < _groupCount; i++)
        {
            if (_groups[i].State == GroupState.AtWarpSync)
            {
                _groups[i].State = GroupState.Ready;
            }
        }
    }

    /// <summary>Joins groups that met and picks the one to run and where it meets the next.</summary>
    private bool Select(out int chosen, out int limit)
    {
        if (_groupCount > 1)
        {
            Merge();
        }
        chosen = -1;
        limit = int.MaxValue;
        var ready = 0;
        for (var i = 0; i < _groupCount; i++)
        {
            if (_groups[i].State == GroupState.Ready)
            {
                ready++;
                chosen = chosen < 0 || _groups[i].Position < _groups[chosen].Position ? i : chosen;
            }
        }
        if (ready <= 1)
        {
            return chosen >= 0;
        }
        if (_groupCount != _groupsAtChange)
        {
            (_groupsAtChange, _clockAtChange) = (_groupCount, Clock);
        }
        if (Clock - _clockAtChange > InstructionsBeforeAnotherGroup)
        {
            // Each of these slices runs to the next change of groups; without a limit groups do not meet, which is allowed.
            _preferred = (_preferred + 1) % _groupCount;
            chosen = _groups[_preferred].State == GroupState.Ready ? _preferred : chosen;
            return true;
        }
        for (var i = 0; i < _groupCount; i++)
        {
            if (i != chosen && _groups[i].State == GroupState.Ready)
            {
                limit = Math.Min(limit, _groups[i].Position);
            }
        }
        return true;
    }

    private void Merge()
    {
        for (var i = 0; i < _groupCount; i++)
        {
            for (var j = _groupCount - 1; j > i; j--)
            {
                ref var a = ref _groups[i];
                ref readonly var b = ref _groups[j];
                if (a.Position == b.Position && a.State != GroupState.AtBarrier && b.State != GroupState.AtBarrier)
                {
                    a.State = b.State == GroupState.Ready ? GroupState.Ready : a.State;
                    a.Lanes |= b.Lanes;
                    Remove(j);
                }
            }
        }
    }

    private void Add(LaneGroup group) => _groups[_groupCount++] = group;

    private void Remove(int index) => _groups[index] = _groups[--_groupCount];
}
