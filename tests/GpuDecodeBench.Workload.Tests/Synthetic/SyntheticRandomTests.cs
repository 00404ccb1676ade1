using GpuDecodeBench.Workload.Synthetic;

namespace GpuDecodeBench.Workload.Tests.Synthetic;

public class SyntheticRandomTests
{
    [Fact]
    public void MixIsSplitMix64()
    {
        // The first outputs of the reference implementation for the seed 1234567 (Vigna, splitmix64.c; Rosetta Code).
        Assert.Equal(6457827717110365317UL, SyntheticRandom.Mix(1234567));
        Assert.Equal(3203168211198807973UL, SyntheticRandom.Mix(unchecked(1234567 + SyntheticRandom.Increment)));
    }

    [Fact]
    public void UnitIsUniformBelowOne()
    {
        double[] values = [.. Enumerable.Range(0, 100_000).Select(i => SyntheticRandom.Unit((ulong)i))];
        Assert.All(values, value => Assert.InRange(value, 0, 0.9999999999999999));
        Assert.Equal(0.5, values.Average(), 0.004);
        Assert.Equal(1 / 12.0, values.Average(value => Math.Pow(value - 0.5, 2)), 0.001);
    }
}
