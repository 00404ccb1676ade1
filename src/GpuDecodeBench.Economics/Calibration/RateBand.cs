namespace GpuDecodeBench.Economics.Calibration;

/// <summary>Between which two times of a streamed byte the true one lies; equal where it was measured.</summary>
/// <param name="LowSecondsPerByte">The least, in seconds.</param>
/// <param name="HighSecondsPerByte">The most, in seconds.</param>
public readonly record struct RateBand(double LowSecondsPerByte, double HighSecondsPerByte)
{
    /// <summary>The middle, in seconds for each byte: what is taken.</summary>
    public double SecondsPerByte => (LowSecondsPerByte + HighSecondsPerByte) / 2;

    /// <summary>How far the truth may be from the middle, in seconds for each byte.</summary>
    public double HalfWidthSecondsPerByte => (HighSecondsPerByte - LowSecondsPerByte) / 2;
}
