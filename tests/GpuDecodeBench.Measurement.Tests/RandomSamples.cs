namespace GpuDecodeBench.Measurement.Tests;

/// <summary>Seeded step times for tests.</summary>
internal static class RandomSamples
{
    public static double Normal(this Random random) =>
        Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());

    /// <summary>Around <paramref name="centre"/> seconds with a relative deviation.</summary>
    public static double[] Steady(this Random random, int count, double centre, double relativeDeviation) =>
        [.. Enumerable.Range(0, count).Select(_ => centre * (1 + (relativeDeviation * random.Normal())))];

    /// <summary>Log-normal: the true median is <paramref name="median"/>.</summary>
    public static double[] LogNormal(this Random random, int count, double median, double sigma) =>
        [.. Enumerable.Range(0, count).Select(_ => median * Math.Exp(sigma * random.Normal()))];

    /// <summary>Around 1 with a deviation of 1 %, each sample correlated with the one before.</summary>
    public static double[] Correlated(this Random random, int count, double correlation)
    {
        double[] samples = new double[count];
        double state = random.Normal() / Math.Sqrt(1 - (correlation * correlation));
        for (int i = 0; i < count; i++)
        {
            samples[i] = 1 + (0.01 * state);
            state = (correlation * state) + random.Normal();
        }

        return samples;
    }
}
