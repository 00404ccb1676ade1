using GpuDecodeBench.Backends.Diagnostics;

namespace GpuDecodeBench.Backends.Tests.Diagnostics;

public sealed class MemoryPatternTests
{
    [Theory]
    [InlineData(1UL, 0UL)]
    [InlineData(0xFEDCBA9876543210UL, ulong.MaxValue)]
    public void AWordTellsWhereItBelongs(ulong seed, ulong invert)
    {
        foreach (ulong index in (ulong[])[0, 1, 2, 12345, (1UL << 34) - 1])
        {
            ulong word = MemoryPattern.Word(seed, index, invert);
            Assert.Equal((long)index, MemoryPattern.IndexOf(seed, word, invert, 1L << 34));
        }
    }

    [Fact]
    public void WhatIsNoWordOfTheTestBelongsNowhere()
    {
        ulong flipped = MemoryPattern.Word(1, 7, 0) ^ (1UL << 13);
        Assert.Null(MemoryPattern.IndexOf(1, flipped, 0, 1L << 34));
        Assert.Null(MemoryPattern.IndexOf(1, MemoryPattern.Word(1, 100, 0), 0, 100));
    }

    [Fact]
    public void ASweepAscendsToItsLargestSet()
    {
        long[] sizes = [.. SweepSizes.UpTo(100L << 20)];
        Assert.Equal(1L << 20, sizes[0]);
        Assert.Equal(100L << 20, sizes[^1]);
        Assert.All(sizes.Zip(sizes.Skip(1)), pair => Assert.InRange((double)pair.Second / pair.First, 1.0001, 1.5));
    }
}
