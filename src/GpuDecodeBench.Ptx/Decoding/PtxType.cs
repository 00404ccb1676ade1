namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>A fundamental type of PTX, such as <c>.f16x2</c>.</summary>
internal readonly record struct PtxType(string Name, TypeKind Kind, int Bytes, bool Packed = false)
{
    private static readonly Dictionary<string, PtxType> ByName = new PtxType[]
    {
        new("b8", TypeKind.Bits, 1),
        new("b16", TypeKind.Bits, 2),
        new("b32", TypeKind.Bits, 4),
        new("b64", TypeKind.Bits, 8),
        new("u8", TypeKind.Unsigned, 1),
        new("u16", TypeKind.Unsigned, 2),
        new("u32", TypeKind.Unsigned, 4),
        new("u64", TypeKind.Unsigned, 8),
        new("s8", TypeKind.Signed, 1),
        new("s16", TypeKind.Signed, 2),
        new("s32", TypeKind.Signed, 4),
        new("s64", TypeKind.Signed, 8),
        new("f16", TypeKind.Float, 2),
        new("f32", TypeKind.Float, 4),
        new("f64", TypeKind.Float, 8),
        new("bf16", TypeKind.BrainFloat, 2),
        new("f16x2", TypeKind.Float, 4, true),
        new("bf16x2", TypeKind.BrainFloat, 4, true),
        new("u16x2", TypeKind.Unsigned, 4, true),
        new("s16x2", TypeKind.Signed, 4, true),
        new("e4m3x2", TypeKind.Eight, 2, true),
        new("e5m2x2", TypeKind.Eight, 2, true),
        new("pred", TypeKind.Predicate, 0),
    }.ToDictionary(t => t.Name);

    public bool IsFloat => Kind is TypeKind.Float or TypeKind.BrainFloat;

    public bool IsInteger => Kind is TypeKind.Bits or TypeKind.Unsigned or TypeKind.Signed && !Packed;

    public bool IsSigned => Kind == TypeKind.Signed;

    public static bool TryParse(string name, out PtxType type) => ByName.TryGetValue(name, out type);
}
