namespace GpuDecodeBench.Economics.Calibration;

/// <summary>Ceilings of several points together.</summary>
internal static class Ceilings
{
    /// <summary>The median of the known ones, the upper of two in the middle; null where none is known.</summary>
    public static double? Middle(IEnumerable<double?> values)
    {
        double[] known = [.. values.OfType<double>().Order()];
        return known.Length == 0 ? null : known[known.Length / 2];
    }
}
