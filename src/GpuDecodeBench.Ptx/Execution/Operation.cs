using GpuDecodeBench.Ptx.Decoding;

namespace GpuDecodeBench.Ptx.Execution;

/// <summary>A decoded instruction (or a piece of one) that works on all lanes of a warp.</summary>
internal abstract class Operation(OperationKind kind = OperationKind.Plain)
{
    public OperationKind Kind { get; } = kind;

    /// <summary>Offset of the guard's predicate mask, negative where there is none.</summary>
    public int GuardOffsetBytes { get; set; } = -1;

    public bool GuardNegated { get; set; }

    public InstructionClass Class { get; set; }

    /// <summary>False for pieces beyond an instruction's first, which count nothing.</summary>
    public bool Counts { get; set; }

    public PtxInstruction? Source { get; set; }

    /// <summary>Runs for the lanes in <paramref name="mask"/>, which is never empty.</summary>
    public abstract void Execute(Warp warp, uint mask);

    public void SetGuard(Slot slot, bool negated)
    {
        GuardOffsetBytes = slot.OffsetBytes;
        GuardNegated = negated;
    }
}
