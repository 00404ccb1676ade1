namespace GpuDecodeBench.Measurement.Sampling;

/// <summary>All checks of a point's samples.</summary>
public static class SampleChecks
{
    /// <summary>What a reader of the median should know: drift, then modes; empty where all is well.</summary>
    /// <param name="samplesSeconds">The samples in the order in which they were taken.</param>
    /// <exception cref="ArgumentOutOfRangeException">A sample is negative, infinite or not a number.</exception>
    public static IReadOnlyList<SampleWarning> Run(IReadOnlyList<double> samplesSeconds) =>
        [.. new[] { DriftCheck.Check(samplesSeconds), BimodalCheck.Check(samplesSeconds) }.OfType<SampleWarning>()];
}
