namespace GpuDecodeBench.Ptx.Parsing;

/// <summary>What a kernel's braces hold: instructions, labels, registers and variables.</summary>
internal sealed class KernelBody
{
    public List<ParsedInstruction> Instructions { get; } = [];

    /// <summary>Label to the index of the instruction that follows it.</summary>
    public Dictionary<string, int> Labels { get; } = [];

    /// <summary>Branch target lists by their label.</summary>
    public Dictionary<string, string[]> TargetLists { get; } = [];

    /// <summary>Width in bytes of every register, 0 for predicates.</summary>
    public Dictionary<string, int> Registers { get; } = [];

    public Dictionary<string, VariableDeclaration> Variables { get; } = [];
}
