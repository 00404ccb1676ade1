using System.Numerics;

namespace GpuDecodeBench.Ptx.Execution;

/// <summary>Goes to one of several targets by an index every lane has.</summary>
internal sealed unsafe class IndexedBranchOperation(int index)
    : Operation(OperationKind.IndexedBranch),
        IBranchOperation
{
    public int[] Targets { get; private set; } = [];

    public void SetTargets(int[] targets) => Targets = targets;

    public override void Execute(Warp warp, uint mask) => throw new InvalidOperationException();

    /// <summary>Lanes of <paramref name="mask"/> that go where the first of them goes, and the target.</summary>
    public (uint Lanes, int Target) First(Warp warp, uint mask)
    {
        var values = (uint*)(warp.Registers + index);
        var lane = BitOperations.TrailingZeroCount(mask);
        var value = values[lane];
        if (value >= (uint)Targets.Length)
        {
            throw new FaultSignal(PtxFaultKind.IllegalOperation, $"branch index {value} of {Targets.Length}", lane);
        }
        uint lanes = 0;
        for (var rest = mask; rest != 0; rest &= rest - 1)
        {
            var other = BitOperations.TrailingZeroCount(rest);
            lanes |= values[other] == value ? 1u << other : 0;
        }
        return (lanes, Targets[value]);
    }
}
