namespace GpuDecodeBench.Measurement.Statistics;

/// <summary>
/// Draws the median of a bootstrap resample without making the resample: constant time, however many samples there are.
/// </summary>
/// <remarks>
/// A resample of m draws from n sorted samples is m uniform numbers U, each naming the sample ⌈n·U⌉. Its k-th smallest is
/// therefore the sample that the k-th smallest uniform names, and that uniform is Beta(k, m + 1 − k) distributed (H. A. David and
/// H. N. Nagaraja, Order Statistics, section 2.1). A Beta number is X/(X + Y) of two Gamma numbers; those are drawn by
/// G. Marsaglia and W. W. Tsang, "A simple method for generating gamma variables", ACM TOMS 26 (2000).
/// </remarks>
internal sealed class MedianResampler(int seed)
{
    private readonly Random _random = new(seed);

    /// <summary>The median of one resample of as many draws as there are samples.</summary>
    /// <param name="sorted">The samples, ascending; at least one.</param>
    public double Next(ReadOnlySpan<double> sorted) => Next(sorted, sorted.Length);

    /// <summary>The median of one resample.</summary>
    /// <param name="sorted">The samples, ascending; at least one.</param>
    /// <param name="count">Draws, at least one: fewer than samples where these are worth fewer independent ones.</param>
    public double Next(ReadOnlySpan<double> sorted, int count)
    {
        if (count % 2 == 1)
        {
            int middle = (count + 1) / 2;
            return At(sorted, Beta(middle, count + 1 - middle));
        }

        // Of the uniforms above the lower middle one, the upper middle one is the smallest of the count/2 that remain.
        double lower = Beta(count / 2, (count / 2) + 1);
        double upper = 1 - ((1 - lower) * Math.Pow(1 - _random.NextDouble(), 2.0 / count));
        return (At(sorted, lower) + At(sorted, upper)) / 2;
    }

    private static double At(ReadOnlySpan<double> sorted, double uniform) =>
        sorted[Math.Min((int)(uniform * sorted.Length), sorted.Length - 1)];

    private double Beta(int alpha, int beta)
    {
        double x = Gamma(alpha);
        return x / (x + Gamma(beta));
    }

    // Shape 1 or more, scale 1.
    private double Gamma(int shape)
    {
        double d = shape - (1.0 / 3.0);
        double c = 1 / Math.Sqrt(9 * d);
        while (true)
        {
            double normal = Normal();
            double root = 1 + (c * normal);
            if (root <= 0)
            {
                continue;
            }

            double v = root * root * root;
            double logUniform = Math.Log(1 - _random.NextDouble());
            if (logUniform < (normal * normal / 2) + (d * (1 - v + Math.Log(v))))
            {
                return d * v;
            }
        }
    }

    // Box and Muller, "A note on the generation of random normal deviates", Annals of Mathematical Statistics 29 (1958).
    private double Normal() =>
        Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());
}
