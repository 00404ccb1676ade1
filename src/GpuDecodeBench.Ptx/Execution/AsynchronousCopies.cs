namespace GpuDecodeBench.Ptx.Execution;

/// <summary>Bulk copies on their way: they arrive once no warp can go on without them, or polls for them.</summary>
internal sealed class AsynchronousCopies
{
    private readonly Queue<Action> _pending = new();

    public void Clear() => _pending.Clear();

    public void Add(Action copy) => _pending.Enqueue(copy);

    /// <summary>Lets all copies arrive; false where there were none.</summary>
    public bool Deliver(Cta cta)
    {
        if (_pending.Count == 0)
        {
            return false;
        }
        while (_pending.TryDequeue(out var copy))
        {
            copy();
        }
        cta.Progress();
        return true;
    }
}
