namespace GpuDecodeBench.Ptx.Parsing;

/// <summary>An instruction taken apart, not yet understood.</summary>
internal sealed record ParsedInstruction(
    PtxInstruction Source,
    string Root,
    string[] Modifiers,
    Operand? Guard,
    IReadOnlyList<Operand> Operands
);
