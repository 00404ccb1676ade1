namespace GpuDecodeBench.Measurement.Statistics;

/// <summary>Student's t distribution: how wide a 95 % interval is that rests on few values.</summary>
internal static class StudentT
{
    /// <summary>
    /// The 97.5 % quantiles for 1 to 30 degrees of freedom, as in every table, for example NIST/SEMATECH e-Handbook of Statistical
    /// Methods, section 1.3.6.7.2.
    /// </summary>
    private static readonly double[] s_quantiles =
    [
        12.706,
        4.303,
        3.182,
        2.776,
        2.571,
        2.447,
        2.365,
        2.306,
        2.262,
        2.228,
        2.201,
        2.179,
        2.160,
        2.145,
        2.131,
        2.120,
        2.110,
        2.101,
        2.093,
        2.086,
        2.080,
        2.074,
        2.069,
        2.064,
        2.060,
        2.056,
        2.052,
        2.048,
        2.045,
        2.042,
    ];

    /// <summary>The 97.5 % quantile: that of the next lower whole number of degrees of freedom, so never too small.</summary>
    /// <param name="degreesOfFreedom">At least 1.</param>
    public static double Quantile975(double degreesOfFreedom) =>
        s_quantiles[Math.Clamp((int)degreesOfFreedom, 1, s_quantiles.Length) - 1];
}
