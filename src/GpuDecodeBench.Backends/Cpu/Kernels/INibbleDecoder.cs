using GpuDecodeBench.Backends.Cpu.Vectors;

namespace GpuDecodeBench.Backends.Cpu.Kernels;

/// <summary>
/// Decodes a 64-byte line of 128 four-bit codes by a table of the sixteen values that a code can have, made anew for every
/// group or block with its scale multiplied in: one shift, one lookup and one multiply-add use a register of weights.
/// </summary>
internal interface INibbleDecoder
{
    /// <summary>Vectors of sixteen columns that share one table: 8 for groups of 128, 2 for blocks of 32, 1 for blocks of 16.</summary>
    static abstract int VectorsPerTable { get; }

    /// <summary>Bytes of the scales of one row in one line.</summary>
    static abstract int ScaleBytesPerLine { get; }

    /// <summary>A power of two for the inputs.</summary>
    static abstract float InputFactor { get; }

    /// <summary>A power of two for the result.</summary>
    static abstract float OutputFactor { get; }

    /// <summary>The sixteen values of one block's codes.</summary>
    /// <param name="scales">The scales of the row in this line.</param>
    /// <param name="block">The block in the line.</param>
    /// <param name="zeroPoint">The zero point of the row in this line, INT4 only.</param>
    static abstract unsafe TTable Table<TSimd, TVector, TTable>(byte* scales, int block, int zeroPoint)
        where TSimd : struct, ISimdTables<TVector, TTable>
        where TVector : struct
        where TTable : struct;
}
