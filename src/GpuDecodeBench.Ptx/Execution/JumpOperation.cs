namespace GpuDecodeBench.Ptx.Execution;

/// <summary>Goes on in a block that does not stand next in the layout.</summary>
internal sealed class JumpOperation() : Operation(OperationKind.Jump)
{
    public int TargetBlock { get; init; } = -1;

    public int Target { get; set; }

    public override void Execute(Warp warp, uint mask) => throw new InvalidOperationException();
}
