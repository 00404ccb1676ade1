namespace GpuDecodeBench.Ptx.Parsing;

/// <summary>What an operand is.</summary>
internal enum OperandForm
{
    Register,
    Number,
    Symbol,
    Address,
    Vector,
    Sink,
}
