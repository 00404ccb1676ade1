namespace GpuDecodeBench.Ptx.Execution;

/// <summary>Goes to its target for the lanes whose guard holds.</summary>
internal sealed class BranchOperation() : Operation(OperationKind.Branch), IBranchOperation
{
    public int Target { get; private set; }

    public void SetTargets(int[] targets) => Target = targets[0];

    public override void Execute(Warp warp, uint mask) => throw new InvalidOperationException();
}
