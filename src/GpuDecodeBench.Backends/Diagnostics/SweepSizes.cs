namespace GpuDecodeBench.Backends.Diagnostics;

/// <summary>The working sets of a sweep.</summary>
internal static class SweepSizes
{
    private const long Smallest = 1L << 20;
    private const int Multiple = 64 << 10;

    /// <summary>From 1 MiB in steps of √2 up to the largest, which is the last, each a multiple of 64 KiB.</summary>
    public static IEnumerable<long> UpTo(long largest)
    {
        for (int step = 0; ; step++)
        {
            long bytes = (long)(Smallest * Math.Pow(2, step / 2.0)) / Multiple * Multiple;
            if (bytes >= largest)
            {
                yield return largest / Multiple * Multiple;
                yield break;
            }

            yield return bytes;
        }
    }
}
