using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Workload.Tests.Synthetic;

public class NormalDistributionTests
{
    [Theory]
    [InlineData(0.5, 0)]
    [InlineData(0.8413447460685429, 1)]
    [InlineData(0.9772498680518208, 2)]
    [InlineData(0.9986501019683699, 3)]
    [InlineData(0.975, 1.959963984540054)]
    [InlineData(0.995, 2.5758293035489004)]
    [InlineData(0.9, 1.2815515655446004)]
    [InlineData(0.75, 0.6744897501960817)]
    [InlineData(1e-6, -4.753424308822899)]
    public void QuantilesMatchKnownValues(double probability, double expected)
    {
        // The approximation's own bound, a relative error of 1.2e-9.
        Assert.Equal(expected, NormalDistribution.Quantile(probability), 1.2e-9 * Math.Abs(expected) + 1e-15);
        Assert.Equal(-NormalDistribution.Quantile(probability), NormalDistribution.Quantile(1 - probability), 1e-8);
    }

    [Fact]
    public void QuantilesAscendAcrossTheSeamsAndAreSymmetric()
    {
        double[] values = NormalDistribution.Quantiles(4096);
        Assert.Equal(values.Order(), values);
        Assert.Equal(4096, values.Distinct().Count());
        Assert.All(Enumerable.Range(0, 2048), i => Assert.Equal(-values[i], values[4095 - i], 1e-9));
        Assert.Equal(1, Math.Sqrt(values.Average(value => value * value)), 0.001);
    }
}
