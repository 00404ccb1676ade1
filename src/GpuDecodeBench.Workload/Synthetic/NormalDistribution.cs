namespace GpuDecodeBench.Workload.Synthetic;

/// <summary>Quantiles of the standard normal distribution, from which the tables of synthetic codes are made.</summary>
internal static class NormalDistribution
{
    // Coefficients of P. J. Acklam's rational approximation (relative error below 1.2e-9), highest power first.
    private static readonly double[] s_centralNumerator =
    [
        -3.969683028665376e+01,
        2.209460984245205e+02,
        -2.759285104469687e+02,
        1.383577518672690e+02,
        -3.066479806614716e+01,
        2.506628277459239e+00,
    ];

    private static readonly double[] s_centralDenominator =
    [
        -5.447609879822406e+01,
        1.615858368580409e+02,
        -1.556989798598866e+02,
        6.680131188771972e+01,
        -1.328068155288572e+01,
        1,
    ];

    private static readonly double[] s_tailNumerator =
    [
        -7.784894002430293e-03,
        -3.223964580411365e-01,
        -2.400758277161838e+00,
        -2.549732539343734e+00,
        4.374664141464968e+00,
        2.938163982698783e+00,
    ];

    private static readonly double[] s_tailDenominator =
    [
        7.784695709041462e-03,
        3.224671290700398e-01,
        2.445134137142996e+00,
        3.754408661907416e+00,
        1,
    ];

    /// <summary>The value below which a standard normal variable lies with a probability strictly between 0 and 1.</summary>
    public static double Quantile(double probability)
    {
        const double Tail = 0.02425;
        if (probability > 1 - Tail)
        {
            return -Quantile(1 - probability);
        }

        if (probability < Tail)
        {
            double t = Math.Sqrt(-2 * Math.Log(probability));
            return Horner(s_tailNumerator, t) / Horner(s_tailDenominator, t);
        }

        double q = probability - 0.5;
        double r = q * q;
        return q * Horner(s_centralNumerator, r) / Horner(s_centralDenominator, r);
    }

    /// <summary><paramref name="count"/> values in the middle of equally probable slices, ascending.</summary>
    public static double[] Quantiles(int count)
    {
        var values = new double[count];
        for (int i = 0; i < count; i++)
        {
            values[i] = Quantile((i + 0.5) / count);
        }

        return values;
    }

    private static double Horner(double[] coefficients, double x)
    {
        double sum = 0;
        foreach (double coefficient in coefficients)
        {
            sum = (sum * x) + coefficient;
        }

        return sum;
    }
}
