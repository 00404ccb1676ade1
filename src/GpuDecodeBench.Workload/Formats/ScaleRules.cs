namespace GpuDecodeBench.Workload.Formats;

/// <summary>What the encoders share: largest magnitudes, and the rule that keeps a scale usable.</summary>
internal static class ScaleRules
{
    /// <summary>
    /// The smallest FP32 scale that is written, 2^−126, the smallest normal number: a smaller one would lose its precision, and
    /// a kernel that flushes subnormals would read it as zero.
    /// </summary>
    public const float SmallestFp32Scale = 1.17549435e-38f;

    /// <summary>The largest magnitude among the values, which are finite.</summary>
    public static float MaxMagnitude(ReadOnlySpan<float> values)
    {
        float max = 0;
        foreach (float value in values)
        {
            max = MathF.Max(max, MathF.Abs(value));
        }

        return max;
    }

    /// <summary>
    /// The FP32 scale that maps <paramref name="maxMagnitude"/> to <paramref name="largestCode"/>: the quotient rounded to
    /// nearest even, not below <see cref="SmallestFp32Scale"/>, and 1 where there is nothing to scale.
    /// </summary>
    public static float Fp32Scale(float maxMagnitude, double largestCode) =>
        maxMagnitude == 0 ? 1 : MathF.Max((float)(maxMagnitude / largestCode), SmallestFp32Scale);
}
