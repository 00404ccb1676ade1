namespace GpuDecodeBench.Workload.Tests.Formats;

/// <summary>Normal deviates from a seed, by the Box-Muller transform, so that a failure can be repeated.</summary>
internal static class GaussianData
{
    public static float[] Floats(int seed, int count, double standardDeviation)
    {
        Random random = new(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++)
        {
            double radius = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble()));
            values[i] = (float)(standardDeviation * radius * Math.Cos(2 * Math.PI * random.NextDouble()));
        }

        return values;
    }
}
