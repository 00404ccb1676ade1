using GpuDecodeBench.Measurement.Statistics;

namespace GpuDecodeBench.Measurement.Tests.Statistics;

public class RunRatioTests
{
    /// <summary>
    /// Logarithms ln 2 and ln 8: mean ln 4, variance 2 (ln 2)²; over 2 runs the standard error is ln 2. The other side does not
    /// scatter, so Welch's degrees of freedom are 1 and the quantile is 12.706: 4 · 2^∓12.706.
    /// </summary>
    [Fact]
    public void TheScatterOfRunsMakesTheInterval()
    {
        RatioInterval interval = RunRatio.Between([2, 8], [1, 1]);
        Assert.Equal(4, interval.Ratio, 12);
        Assert.Equal(4 * Math.Pow(2, -12.706), interval.Ci95Low!.Value, 12);
        Assert.Equal(4 * Math.Pow(2, 12.706), interval.Ci95High!.Value, 3);
    }

    /// <summary>The variance 2 (ln 2)² is taken for the single run too: standard error √(2 (ln 2)² (1 + ½)) = ln 2 · √3.</summary>
    [Fact]
    public void ASingleRunIsTakenToScatterAsTheOthersDo()
    {
        RatioInterval interval = RunRatio.Between([2, 8], [1]);
        Assert.Equal(4 * Math.Exp(-12.706 * Math.Log(2) * Math.Sqrt(3)), interval.Ci95Low!.Value, 12);
        Assert.Equal(-Math.Log(interval.Ci95Low.Value), Math.Log(RunRatio.Between([1], [2, 8]).Ci95High!.Value), 9);
    }

    [Fact]
    public void RunsThatAgreeToTheLastBitGiveTheRatioItself() =>
        Assert.Equal(new RatioInterval(1.5, 1.5, 1.5, 0), Rounded(RunRatio.Between([3, 3, 3], [2, 2])));

    [Fact]
    public void TheMoreRunsTheNarrowerTheInterval()
    {
        RatioInterval few = RunRatio.Between([1, 1.02], [1, 1.02]);
        RatioInterval many = RunRatio.Between([1, 1.02, 1, 1.02, 1, 1.02], [1, 1.02, 1, 1.02, 1, 1.02]);
        Assert.True(many.Ci95High < few.Ci95High);
        Assert.False(many.Differs);
    }

    [Fact]
    public void TwoSingleRunsAndWhatIsNoTimeAreRefused()
    {
        Assert.Throws<ArgumentException>(() => RunRatio.Between([1], [1]));
        Assert.Throws<ArgumentException>(() => RunRatio.Between([1, 0], [1]));
        Assert.Throws<ArgumentException>(() => RunRatio.Between([], [1, 2]));
    }

    private static RatioInterval Rounded(RatioInterval interval) =>
        new(
            Math.Round(interval.Ratio, 12),
            Math.Round(interval.Ci95Low!.Value, 12),
            Math.Round(interval.Ci95High!.Value, 12),
            interval.Seed
        );
}
