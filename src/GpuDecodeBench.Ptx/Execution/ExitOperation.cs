namespace GpuDecodeBench.Ptx.Execution;

/// <summary>Ends the lanes whose guard holds.</summary>
internal sealed class ExitOperation() : Operation(OperationKind.Exit)
{
    public override void Execute(Warp warp, uint mask) => throw new InvalidOperationException();
}
