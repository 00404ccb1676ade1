using System.Numerics;
using GpuDecodeBench.Measurement.Statistics;

namespace GpuDecodeBench.Measurement.Tests.Statistics;

public class MedianRanksTests
{
    // The ranks of the sign-test interval, as tables of it list them; the next test derives all of them in integers.
    [Theory]
    [InlineData(6, 1, 6)]
    [InlineData(7, 1, 7)]
    [InlineData(8, 1, 8)]
    [InlineData(9, 2, 8)]
    [InlineData(10, 2, 9)]
    [InlineData(11, 2, 10)]
    [InlineData(12, 3, 10)]
    [InlineData(15, 4, 12)]
    [InlineData(17, 5, 13)]
    [InlineData(20, 6, 15)]
    [InlineData(25, 8, 18)]
    [InlineData(30, 10, 21)]
    public void RanksOfSmallCountsMatchThePublishedTable(int count, int low, int high) =>
        Assert.Equal((low, high), MedianRanks.For(count));

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(5)]
    public void BelowSixSamplesThereIsNoInterval(int count) => Assert.Null(MedianRanks.For(count));

    [Fact]
    public void ExactRanksEqualIntegerArithmeticUpToTheLargestExactCount()
    {
        for (int count = 6; count <= MedianRanks.LargestExactCount; count++)
        {
            int low = LowRankInIntegers(count);
            Assert.Equal((low, count + 1 - low), MedianRanks.For(count));
        }
    }

    [Fact]
    public void ApproximateRanksAreNeverNarrowerAndAtMostOneRankWider()
    {
        for (int count = MedianRanks.LargestExactCount + 1; count < 12_000; count += 97)
        {
            int exact = LowRankInIntegers(count);
            Assert.InRange(MedianRanks.For(count)!.Value.Low, exact - 1, exact);
        }
    }

    [Fact]
    public void ANegativeCountIsRefused() => Assert.Throws<ArgumentOutOfRangeException>(() => MedianRanks.For(-1));

    // The largest r with C(n,0) + … + C(n,r−1) ≤ 2.5 % of 2ⁿ.
    private static int LowRankInIntegers(int count)
    {
        BigInteger allowed = (BigInteger.One << count) / 40;
        BigInteger term = BigInteger.One;
        BigInteger sum = BigInteger.One;
        int rank = 0;
        while (sum <= allowed)
        {
            term = term * (count - rank) / (rank + 1);
            sum += term;
            rank++;
        }

        return rank;
    }
}
