namespace GpuDecodeBench.Ptx.Arithmetic;

/// <summary><c>movmatrix.sync.aligned.m8n8.trans.b16</c> (PTX ISA, "movmatrix").</summary>
public static class Movmatrix
{
    /// <summary>
    /// Transposes a matrix of eight by eight elements of 16 bits that a warp holds, a register each: a lane has two neighbours of
    /// the row of its group of four lanes.
    /// </summary>
    /// <param name="source">The register of each of the 32 lanes.</param>
    /// <param name="destination">Where the register of each lane goes; not the source.</param>
    public static void Transpose(ReadOnlySpan<uint> source, Span<uint> destination)
    {
        source = source[..MatrixFragments.Lanes];
        destination = destination[..MatrixFragments.Lanes];
        for (int lane = 0; lane < destination.Length; lane++)
        {
            // Row r and column c lie in lane 4r + c/2, half c mod 2: this lane's row is the column to read.
            int column = lane >> 2;
            int firstRow = (lane & 3) * 2;
            int shift = (column & 1) * 16;
            uint low = source[(firstRow * 4) + (column >> 1)] >> shift;
            uint high = source[(firstRow * 4) + 4 + (column >> 1)] >> shift;
            destination[lane] = (low & 0xFFFF) | (high << 16);
        }
    }
}
