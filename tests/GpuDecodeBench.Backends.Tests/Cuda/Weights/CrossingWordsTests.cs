using System.Numerics;
using GpuDecodeBench.Backends.Cuda.Weights;

namespace GpuDecodeBench.Backends.Tests.Cuda.Weights;

/// <summary>Words of codes, taken apart as <c>kernels/include/weights.h</c> says.</summary>
public sealed class CrossingWordsTests
{
    private const uint E4M3Fields = 0x87f0_87f0;
    private const uint E2M1Fields = 0x81c0_81c0;

    [Fact]
    public void EveryE4M3CodeOfEveryColumnComesOutInBfloat16sFields()
    {
        var random = new Random(1);
        for (int round = 0; round < 10_000; round++)
        {
            uint codes = (uint)random.NextInt64(1L << 32);
            uint word = CrossingWords.OfE4M3(codes);
            uint[] pairs = [word & E4M3Fields, Crossing(word) & E4M3Fields];
            for (int column = 0; column < 4; column++)
            {
                uint code = (codes >> (8 * column)) & 0xff;
                uint field = (pairs[column / 2] >> (16 * (column % 2))) & 0xffff;
                Assert.Equal(((code >> 7) << 15) | ((code & 0x7f) << 4), field);
            }
        }
    }

    [Fact]
    public void EveryE2M1CodeOfEveryColumnComesOutInBfloat16sFields()
    {
        var random = new Random(2);
        for (int round = 0; round < 10_000; round++)
        {
            uint codes = (uint)random.NextInt64(1L << 32);
            uint word = CrossingWords.OfE2M1(codes);
            uint[] pairs =
            [
                word & E2M1Fields,
                BitOperations.RotateRight(word, 6) & E2M1Fields,
                (word << 6) & E2M1Fields,
                Crossing(word) & E2M1Fields,
            ];
            for (int column = 0; column < 8; column++)
            {
                uint code = (codes >> (4 * column)) & 15;
                uint field = (pairs[column / 2] >> (16 * (column % 2))) & 0xffff;
                Assert.Equal(((code >> 3) << 15) | ((code & 7) << 6), field);
            }
        }
    }

    [Fact]
    public void CodesOfZeroAreAWordOfZero()
    {
        // Chunks that do not exist are read as zeros.
        Assert.Equal(0u, CrossingWords.OfE4M3(0));
        Assert.Equal(0u, CrossingWords.OfE2M1(0));
    }

    private static uint Crossing(uint word) => (word << 4) ^ (word >> 4);
}
