namespace GpuDecodeBench.Ptx.Parsing;

/// <summary>A variable in memory: parameter, shared, local, global or constant.</summary>
internal sealed record VariableDeclaration(
    string Space,
    string Name,
    int AlignBytes,
    long Bytes,
    bool Unsized,
    byte[]? Initial,
    int Line
)
{
    /// <summary>Offset of the variable in its space, once laid out.</summary>
    public long OffsetBytes { get; set; }
}
