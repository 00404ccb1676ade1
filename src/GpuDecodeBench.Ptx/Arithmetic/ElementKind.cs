namespace GpuDecodeBench.Ptx.Arithmetic;

/// <summary>What the elements of the factors of <c>mma</c> are (PTX ISA, "mma": <c>.atype</c> and <c>.btype</c>).</summary>
public enum ElementKind
{
    /// <summary>binary16, two in a register.</summary>
    F16,

    /// <summary>bfloat16, two in a register.</summary>
    BF16,

    /// <summary>The upper 19 bits of binary32, one in a register.</summary>
    TF32,

    /// <summary>OFP8 E4M3, four in a register.</summary>
    E4M3,

    /// <summary>OFP8 E5M2, four in a register.</summary>
    E5M2,

    /// <summary>Signed integers of 8 bits, four in a register.</summary>
    S8,

    /// <summary>Unsigned integers of 8 bits, four in a register.</summary>
    U8,
}
