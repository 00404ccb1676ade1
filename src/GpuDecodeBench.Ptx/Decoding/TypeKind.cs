namespace GpuDecodeBench.Ptx.Decoding;

/// <summary>How the bits of a type are meant.</summary>
internal enum TypeKind
{
    Bits,
    Unsigned,
    Signed,
    Float,
    BrainFloat,
    Predicate,
    Eight,
}
