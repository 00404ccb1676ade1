using GpuDecodeBench.Ptx.Arithmetic;

namespace GpuDecodeBench.Ptx.Tests.Arithmetic;

/// <summary>A matrix of sixteen-bit elements among the lanes of a warp.</summary>
public sealed class MovmatrixTests
{
    [Fact]
    public void AMatrixIsTransposedAndItsLayoutIsThatOfLdmatrix()
    {
        uint[] source = new uint[32];
        for (int lane = 0; lane < 32; lane++)
        {
            for (int half = 0; half < 2; half++)
            {
                int row = MatrixFragments.LoadRow(lane, half, transposed: false);
                int column = MatrixFragments.LoadColumn(lane, half, transposed: false);
                Assert.Equal((lane / 4, (lane % 4 * 2) + half), (row, column));
                Assert.Equal(column, MatrixFragments.LoadRow(lane, half, transposed: true));
                Assert.Equal(row, MatrixFragments.LoadColumn(lane, half, transposed: true));
                source[lane] |= (uint)((row * 8) + column + 0x4100) << (16 * half);
            }
        }

        uint[] transposed = new uint[32];
        Movmatrix.Transpose(source, transposed);
        for (int row = 0; row < 8; row++)
        {
            for (int column = 0; column < 8; column++)
            {
                uint register = transposed[(row * 4) + (column / 2)];
                Assert.Equal((uint)((column * 8) + row + 0x4100), (register >> (16 * (column % 2))) & 0xFFFF);
            }
        }

        uint[] again = new uint[32];
        Movmatrix.Transpose(transposed, again);
        Assert.Equal(source, again);
        Assert.Equal(29, MatrixFragments.AddressLane(3, 5));
    }
}
