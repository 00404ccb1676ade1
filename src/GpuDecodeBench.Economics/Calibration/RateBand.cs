namespace GpuDecodeBench.Economics.Calibration;

/// <summary>Between which two times of a streamed byte the true one lies; equal where it was measured.</summary>
/// <param name="LowSecondsPerByte">The least, in seconds.</param>
/// <param name="HighSecondsPerByte">The most, in seconds.</param>
public readonly record struct RateBand(double LowSecondsPerByte, double HighSecondsPerByte)
{
    /// <summary>What is taken: the geometric mean, as far below the one bound as above the other as a factor; in seconds for each byte.</summary>
    public double SecondsPerByte => Math.Sqrt(LowSecondsPerByte * HighSecondsPerByte);

    /// <summary>How far the truth may be from that: the distance of the upper bound, which is the farther one; in seconds for each byte.</summary>
    public double HalfWidthSecondsPerByte => HighSecondsPerByte - SecondsPerByte;
}
