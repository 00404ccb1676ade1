namespace GpuDecodeBench.Ptx.Parsing;

/// <summary>An operand of an instruction, its register names already made unique over nested scopes.</summary>
internal sealed record Operand(OperandForm Form, string Text)
{
    /// <summary>The predicate is negated (<c>!p</c>).</summary>
    public bool Negated { get; init; }

    /// <summary>Elements of a vector, or the second part of a pair <c>p|q</c>.</summary>
    public IReadOnlyList<Operand> Elements { get; init; } = [];

    /// <summary>Constant part of an address.</summary>
    public long OffsetBytes { get; init; }

    /// <summary>Second destination of a pair <c>p|q</c>.</summary>
    public Operand? Second { get; init; }
}
