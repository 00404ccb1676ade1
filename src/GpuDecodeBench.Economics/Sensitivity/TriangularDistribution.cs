namespace GpuDecodeBench.Economics.Sensitivity;

/// <summary>
/// The distribution of a value of which only the lowest credible, the most likely and the highest credible are known: its density
/// rises evenly from the first to the second and falls evenly to the third.
/// </summary>
internal static class TriangularDistribution
{
    /// <summary>The value below which a share of all draws lies.</summary>
    /// <param name="low">The lowest value.</param>
    /// <param name="likely">The most likely value, between the two.</param>
    /// <param name="high">The highest value.</param>
    /// <param name="share">From 0 to 1.</param>
    public static double Quantile(double low, double likely, double high, double share)
    {
        double width = high - low;
        if (width <= 0)
        {
            return likely;
        }

        double rising = (likely - low) / width;
        return share < rising
            ? low + Math.Sqrt(share * width * (likely - low))
            : high - Math.Sqrt((1 - share) * width * (high - likely));
    }
}
