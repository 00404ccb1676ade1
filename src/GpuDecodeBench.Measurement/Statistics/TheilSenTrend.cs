namespace GpuDecodeBench.Measurement.Statistics;

/// <summary>A straight line through points of which up to 29 % may be anything at all.</summary>
/// <param name="Slope">The median of the slopes between all pairs of points.</param>
/// <param name="Intercept">The median of what the points are above the line of that slope through the origin.</param>
/// <param name="Ci95Low">The lower end of the slope's 95 % interval; null where the points are too few for one.</param>
/// <param name="Ci95High">The upper end of the slope's 95 % interval; null where the points are too few for one.</param>
/// <remarks>
/// P. K. Sen, "Estimates of the regression coefficient based on Kendall's tau", Journal of the American Statistical Association 63
/// (1968), after H. Theil (1950): of N pairs' slopes in order, the interval runs from rank (N − C)/2 to rank (N + C)/2 + 1, with
/// C = 1.96 √(n (n − 1) (2n + 5) / 18), the normal approximation of Kendall's statistic.
/// </remarks>
public sealed record TheilSenTrend(double Slope, double Intercept, double? Ci95Low, double? Ci95High)
{
    private const double NormalQuantile = 1.959963984540054;

    /// <summary>Whether the interval excludes 0; false where there is none.</summary>
    public bool IsShown => Ci95Low > 0 || Ci95High < 0;

    /// <summary>The line at a place.</summary>
    /// <param name="x">The place.</param>
    public double At(double x) => Intercept + (Slope * x);

    /// <summary>The line through points.</summary>
    /// <param name="points">The points; null is returned where no two of them differ in x.</param>
    public static TheilSenTrend? Of(IReadOnlyList<(double X, double Y)> points)
    {
        ArgumentNullException.ThrowIfNull(points);
        var slopes = new List<double>();
        for (int i = 0; i < points.Count; i++)
        {
            for (int j = i + 1; j < points.Count; j++)
            {
                if (points[j].X != points[i].X)
                {
                    slopes.Add((points[j].Y - points[i].Y) / (points[j].X - points[i].X));
                }
            }
        }

        if (slopes.Count == 0)
        {
            return null;
        }

        slopes.Sort();
        double n = points.Count;
        double reach = NormalQuantile * Math.Sqrt(n * (n - 1) * ((2 * n) + 5) / 18);
        int low = (int)Math.Floor((slopes.Count - reach) / 2);
        double slope = OrderStatistics.MedianOf(slopes);
        double intercept = OrderStatistics.MedianOf(points.Select(point => point.Y - (slope * point.X)));
        return low < 1
            ? new TheilSenTrend(slope, intercept, null, null)
            : new TheilSenTrend(slope, intercept, slopes[low - 1], slopes[^low]);
    }
}
