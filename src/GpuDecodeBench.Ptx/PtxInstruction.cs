namespace GpuDecodeBench.Ptx;

/// <summary>One instruction as the PTX text has it.</summary>
/// <param name="Line">One-based line in the module.</param>
/// <param name="Opcode">Opcode with all modifiers, such as <c>ld.global.nc.v4.u32</c>.</param>
/// <param name="Text">Whole statement without the semicolon, guard included.</param>
public sealed record PtxInstruction(int Line, string Opcode, string Text);
