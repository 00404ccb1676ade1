namespace GpuDecodeBench.Economics.Calibration;

/// <summary>The time of a streamed byte at one arithmetic intensity that was measured.</summary>
/// <param name="Intensity">Floating-point operations for each streamed byte.</param>
/// <param name="SecondsPerByte">Seconds for each streamed byte.</param>
/// <param name="SmallestBatch">The smallest batch of the points behind it.</param>
/// <param name="LargestBatch">The largest batch of the points behind it.</param>
/// <param name="Points">The points behind it.</param>
public sealed record RateKnot(double Intensity, double SecondsPerByte, int SmallestBatch, int LargestBatch, int Points)
{
    /// <summary>Streamed bytes per second.</summary>
    public double BytesPerSecond => 1 / SecondsPerByte;

    /// <summary>Floating-point operations per second.</summary>
    public double FlopsPerSecond => Intensity / SecondsPerByte;
}
