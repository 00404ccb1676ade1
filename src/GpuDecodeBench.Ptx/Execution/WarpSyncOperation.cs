namespace GpuDecodeBench.Ptx.Execution;

/// <summary>Runs once all lanes of its member mask stand here (or have ended).</summary>
/// <param name="members">Offset of the member mask, negative where all running lanes of the warp take part.</param>
/// <param name="action">What to do for the lanes together.</param>
/// <param name="ordersMemory">Whether lanes see each other's memory afterwards.</param>
internal sealed class WarpSyncOperation(int members, Action<Warp, uint> action, bool ordersMemory = false)
    : Operation(OperationKind.WarpSync)
{
    public int MembersOffsetBytes { get; } = members;

    public bool OrdersMemory { get; } = ordersMemory;

    public override void Execute(Warp warp, uint mask) => action(warp, mask);
}
