using GpuDecodeBench.Backends.Diagnostics;

namespace GpuDecodeBench.Measurement.Doctor;

/// <summary>Finds the size of the last cache before memory in a sweep of working sets.</summary>
internal static class CacheKnee
{
    /// <summary>How much faster than memory a set must be read to have been served by a cache.</summary>
    private const double Faster = 1.25;

    /// <summary>
    /// The largest set that is read 1.25 times as fast as the largest of all, interpolated between neighbours on both logarithmic
    /// axes; null where none is.
    /// </summary>
    /// <param name="sweep">The sweep, ascending.</param>
    public static double? Find(IReadOnlyList<WorkingSetRate> sweep)
    {
        double threshold = sweep[^1].BytesPerSecond * Faster;
        for (int i = sweep.Count - 2; i >= 0; i--)
        {
            if (sweep[i].BytesPerSecond >= threshold)
            {
                WorkingSetRate below = sweep[i];
                WorkingSetRate above = sweep[i + 1];
                double part =
                    Math.Log(below.BytesPerSecond / threshold) / Math.Log(below.BytesPerSecond / above.BytesPerSecond);
                return below.Bytes * Math.Pow((double)above.Bytes / below.Bytes, part);
            }
        }

        return null;
    }
}
