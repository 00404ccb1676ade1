namespace GpuDecodeBench.Ptx.Execution;

/// <summary>A barrier of the CTA: waits or only arrives, perhaps with a reduction over a predicate.</summary>
internal sealed class BarrierOperation(int id, int count, bool waits = true) : Operation(OperationKind.Barrier)
{
    /// <summary>Offset of the barrier's number.</summary>
    public int IdOffsetBytes { get; } = id;

    /// <summary>Offset of the thread count, negative where all threads take part.</summary>
    public int CountOffsetBytes { get; } = count;

    public bool Waits { get; } = waits;

    /// <summary>popc, and, or; null without a reduction.</summary>
    public string? Reduction { get; init; }

    public int PredicateOffsetBytes { get; init; }

    public bool PredicateNegated { get; init; }

    public int ResultOffsetBytes { get; init; }

    public override void Execute(Warp warp, uint mask) => throw new InvalidOperationException();
}
