namespace GpuDecodeBench.Measurement.Statistics;

/// <summary>
/// The ratio of two configurations of which at least one was measured in several runs, with a 95 % interval that holds what changes
/// from run to run.
/// </summary>
/// <remarks>
/// Each run is one value, the logarithm of its median: samples of one run share its placement in memory and its neighbours, so more of
/// them do not make up for more runs (T. Kalibera and R. Jones, "Rigorous benchmarking in reasonable time", ISMM 2013). The
/// interval is B. L. Welch's, "The generalization of Student's problem when several different population variances are involved",
/// Biometrika 34 (1947). Where one side is a single run, the other's scatter is taken for it too. The ratio is that of geometric means.
/// </remarks>
public static class RunRatio
{
    /// <summary>The ratio of the geometric mean of the first runs' medians to that of the second's.</summary>
    /// <param name="numeratorMedians">A median for each run of the first configuration; above zero.</param>
    /// <param name="denominatorMedians">A median for each run of the second configuration; above zero.</param>
    /// <exception cref="ArgumentException">A side is empty, both are single runs, or a median is not a finite number above zero.</exception>
    public static RatioInterval Between(
        IReadOnlyList<double> numeratorMedians,
        IReadOnlyList<double> denominatorMedians
    )
    {
        double[] numerator = Logarithms(numeratorMedians, nameof(numeratorMedians));
        double[] denominator = Logarithms(denominatorMedians, nameof(denominatorMedians));
        if (numerator.Length == 1 && denominator.Length == 1)
        {
            throw new ArgumentException("One side at least must have several runs.", nameof(numeratorMedians));
        }

        double difference = numerator.Average() - denominator.Average();
        (double error, double degrees) = Welch(numerator, denominator);
        double half = StudentT.Quantile975(degrees) * error;
        return new RatioInterval(Math.Exp(difference), Math.Exp(difference - half), Math.Exp(difference + half), 0);
    }

    /// <summary>The standard error of the difference of means and its degrees of freedom.</summary>
    private static (double Error, double Degrees) Welch(double[] first, double[] second)
    {
        if (first.Length == 1 || second.Length == 1)
        {
            double[] several = first.Length == 1 ? second : first;
            return (Math.Sqrt(Variance(several) * (1 + (1.0 / several.Length))), several.Length - 1);
        }

        double a = Variance(first) / first.Length;
        double b = Variance(second) / second.Length;
        double spread = (a * a / (first.Length - 1)) + (b * b / (second.Length - 1));
        double degrees = spread > 0 ? (a + b) * (a + b) / spread : first.Length + second.Length - 2;
        return (Math.Sqrt(a + b), degrees);
    }

    private static double Variance(double[] values)
    {
        double mean = values.Average();
        return values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1);
    }

    private static double[] Logarithms(IReadOnlyList<double> medians, string name)
    {
        ArgumentNullException.ThrowIfNull(medians, name);
        return medians.Count == 0 || medians.Any(median => !double.IsFinite(median) || median <= 0)
            ? throw new ArgumentException("Medians are needed, each a finite number above zero.", name)
            : [.. medians.Select(median => Math.Log(median))];
    }
}
