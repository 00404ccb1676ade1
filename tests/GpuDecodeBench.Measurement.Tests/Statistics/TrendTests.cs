using GpuDecodeBench.Measurement.Statistics;
using Xunit.Abstractions;

namespace GpuDecodeBench.Measurement.Tests.Statistics;

public class TrendTests(ITestOutputHelper output)
{
    [Fact]
    public void TheLineGoesThroughThePointsWhateverOneOfThemSays()
    {
        TheilSenTrend trend = TheilSenTrend.Of([
            (0, 1),
            (1, 3),
            (2, 5),
            (3, 999),
            (4, 9),
            (5, 11),
            (6, 13),
            (7, 15),
            (8, 17),
            (9, 19),
        ])!;
        Assert.Equal(2, trend.Slope);
        Assert.Equal(1, trend.Intercept);
        Assert.Equal(21, trend.At(10));
        Assert.True(trend.IsShown);
    }

    /// <summary>
    /// Of 6 values there are 15 pairs and C = 1.96 √(6 · 5 · 17 / 18) = 10.4: the interval runs from rank ⌊(15 − 10.4)/2⌋ = 2 to the
    /// second from above. Of 0, 1, 3, 6, 10, 15 the pairs' slopes are 1 to 5 (neighbours), 1.5 to 4.5, 2 to 4, 2.5, 3.5 and 3: in order
    /// 1, 1.5, 2, 2, 2.5, 2.5, 3, 3, 3, 3.5, 3.5, 4, 4, 4.5, 5.
    /// </summary>
    [Fact]
    public void SixPointsHaveAnIntervalAndFiveHaveNone()
    {
        (double, double)[] points = [(0, 0), (1, 1), (2, 3), (3, 6), (4, 10), (5, 15)];
        TheilSenTrend six = TheilSenTrend.Of(points)!;
        Assert.Equal(3, six.Slope);
        Assert.Equal(1.5, six.Ci95Low);
        Assert.Equal(4.5, six.Ci95High);
        TheilSenTrend five = TheilSenTrend.Of(points[..5])!;
        Assert.Null(five.Ci95Low);
        Assert.False(five.IsShown);
    }

    [Fact]
    public void PointsAtOnePlaceHaveNoTrend()
    {
        Assert.Null(TheilSenTrend.Of([(1, 1), (1, 2)]));
        Assert.Null(TheilSenTrend.Of([]));
    }

    /// <summary>
    /// Twelve values in two clean groups: 7 stretches of 6 (from 0 to 6, from 1 to 7 …) hold the six smallest or the six largest in
    /// 2 · 6! · 6! of 12! orders each: 7 · 0.216 % = 1.5 %.
    /// </summary>
    [Fact]
    public void AStepIsFoundWhereItIs()
    {
        ChangePoint change = Assert.Single(
            ChangePoint.All([1, 1.02, 0.99, 1.01, 0.98, 1.03, 1.2, 1.22, 1.19, 1.21, 1.23, 1.18])
        );
        Assert.Equal(6, change.Index);
        Assert.InRange(change.PValue, 0.01, 0.02);
    }

    [Fact]
    public void AChangeThatIsTakenBackIsTwoAndAnOutlierIsNone()
    {
        var random = new Random(4);
        double[] values =
        [
            .. random.Steady(10, 1, 0.005),
            .. random.Steady(10, 1.1, 0.005),
            .. random.Steady(10, 1, 0.005),
        ];
        values[4] = 0.1;
        Assert.Equal([10, 20], ChangePoint.All(values).Select(change => change.Index));
    }

    [Fact]
    public void NineValuesAreTooFewForAStep() => Assert.Empty(ChangePoint.All([1, 1, 1, 1, 1, 2, 2, 2, 2]));

    [Fact]
    public void EqualValuesHaveNoStep() => Assert.Empty(ChangePoint.All([.. Enumerable.Repeat(1.0, 20)]));

    [Fact]
    public void NoiseIsTakenForAStepAsSeldomAsThePromiseSays()
    {
        const int Seed = 5;
        const int Trials = 100;
        var random = new Random(Seed);
        int found = Enumerable.Range(0, Trials).Count(i => ChangePoint.All(random.Steady(12, 1, 0.01), i).Count > 0);
        output.WriteLine($"seed {Seed}: {found} of {Trials}");
        // 5 in 100 are promised; more than 12 would come by chance once in a thousand times.
        Assert.InRange(found, 0, 12);
    }
}
