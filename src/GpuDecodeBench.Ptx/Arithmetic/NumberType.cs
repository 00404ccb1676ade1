namespace GpuDecodeBench.Ptx.Arithmetic;

/// <summary>The types that <c>cvt</c> converts between one at a time (PTX ISA, "Fundamental Types" and "cvt").</summary>
public enum NumberType
{
    /// <summary>An unsigned integer of 8 bits.</summary>
    U8,

    /// <summary>A signed integer of 8 bits.</summary>
    S8,

    /// <summary>An unsigned integer of 16 bits.</summary>
    U16,

    /// <summary>A signed integer of 16 bits.</summary>
    S16,

    /// <summary>An unsigned integer of 32 bits.</summary>
    U32,

    /// <summary>A signed integer of 32 bits.</summary>
    S32,

    /// <summary>An unsigned integer of 64 bits.</summary>
    U64,

    /// <summary>A signed integer of 64 bits.</summary>
    S64,

    /// <summary>binary16.</summary>
    F16,

    /// <summary>bfloat16.</summary>
    BF16,

    /// <summary>binary32.</summary>
    F32,

    /// <summary>binary64.</summary>
    F64,
}
