using GpuDecodeBench.Reporting.Charts;

namespace GpuDecodeBench.Reporting.Tests.Charts;

public sealed class AxisScaleTests
{
    [Fact]
    public void ALinearAxisEndsAtRoundNumbersAroundItsValues()
    {
        // 3.1 to 17.2 are 14.1 apart; a fifth of that is 2.82, so steps are of 5: from 0 to 20.
        AxisScale scale = AxisScale.Linear([3.1, 17.2]);

        Assert.Equal((0, 20), (scale.Low, scale.High));
        Assert.Equal(["0", "5", "10", "15", "20"], scale.Ticks(5).Select(tick => tick.Label));
        Assert.Equal(0.25, scale.Fraction(5), 12);
    }

    [Fact]
    public void ALogarithmicAxisEndsAtOneTwoOrFiveTimesAPowerOfTen()
    {
        AxisScale scale = AxisScale.Logarithmic([0.3, 1234]);

        Assert.Equal((0.2, 2000), (scale.Low, scale.High));
        Assert.Equal(["1", "10", "100", "1,000"], scale.Ticks(6).Select(tick => tick.Label));
        // From 0.2 to 2,000 are four decades: 2 is one of them.
        Assert.Equal(0.25, scale.Fraction(2), 12);
    }

    [Theory]
    [InlineData(0.001, 0.0011)]
    [InlineData(1, 1)]
    [InlineData(0, 0)]
    [InlineData(-5, 12345678)]
    [InlineData(1e-12, 3e-12)]
    [InlineData(99.999, 100.001)]
    public void EveryLinearAxisHasTwoTicksAtLeastAndEnclosesItsValues(double low, double high)
    {
        AxisScale scale = AxisScale.Linear([low, high]);

        Assert.True(scale.Low <= low && scale.High >= high);
        foreach (int most in (int[])[2, 5, 12])
        {
            IReadOnlyList<AxisTick> ticks = scale.Ticks(most);
            Assert.True(ticks.Count >= 2, $"{ticks.Count} ticks");
            Assert.All(ticks, tick => Assert.InRange(scale.Fraction(tick.Value), -1e-9, 1 + 1e-9));
            Assert.Equal(ticks.Count, ticks.Select(tick => tick.Label).Distinct().Count());
        }
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(40, 50)]
    [InlineData(1e-9, 1e12)]
    [InlineData(3, 7)]
    [InlineData(512, 131072)]
    public void EveryLogarithmicAxisHasTwoTicksAtLeastAndEnclosesItsValues(double low, double high)
    {
        AxisScale scale = AxisScale.Logarithmic([low, high]);

        Assert.True(scale.Low <= low && scale.High >= high);
        foreach (int most in (int[])[2, 4, 9])
        {
            IReadOnlyList<AxisTick> ticks = scale.Ticks(most);
            Assert.True(ticks.Count >= 2 && ticks.Count <= Math.Max(2, most), $"{ticks.Count} ticks of {most}");
            Assert.Equal(ticks.Count, ticks.Select(tick => tick.Label).Distinct().Count());
        }
    }

    [Fact]
    public void ValuesThatDifferLittleAreShownFromZero()
    {
        Assert.False(AxisScale.Fitting([3, 12]).IsLogarithmic);
        Assert.Equal(0, AxisScale.Fitting([3, 12]).Low);
        Assert.True(AxisScale.Fitting([3, 120]).IsLogarithmic);
        Assert.False(AxisScale.Fitting([0, 120]).IsLogarithmic);
    }

    [Fact]
    public void WhatHasNoPlaceOnAnAxisIsRefused()
    {
        Assert.Throws<ArgumentException>(() => AxisScale.Linear([1, double.NaN]));
        Assert.Throws<ArgumentException>(() => AxisScale.Linear([]));
        Assert.Throws<ArgumentException>(() => AxisScale.Logarithmic([0, 1]));
    }
}
