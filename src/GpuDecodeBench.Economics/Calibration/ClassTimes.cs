namespace GpuDecodeBench.Economics.Calibration;

/// <summary>
/// What the operations of one class take: <c>n × overhead + other bytes × seconds per other byte + streamed bytes × rate curve at
/// their intensity</c>, for n executions.
/// </summary>
/// <param name="Class">The class.</param>
/// <param name="OverheadSeconds">Seconds for each execution, whatever its size.</param>
/// <param name="SecondsPerOtherByte">Seconds for each byte of activations and of what caches hold.</param>
/// <param name="Curve">Seconds for each streamed byte; null where the class streams nothing.</param>
/// <param name="Operations">Measured operations behind it.</param>
public sealed record ClassTimes(
    OperationClass Class,
    double OverheadSeconds,
    double SecondsPerOtherByte,
    RateCurve? Curve,
    int Operations
)
{
    internal CalibratedOperation Predict(CalibrationOperation operation)
    {
        bool streams = Curve is not null && operation.StreamedBytes > 0;
        RateBand band = streams ? Curve!.At(operation.Intensity) : default;
        return new CalibratedOperation(
            operation.Name,
            operation.Class,
            operation.Count,
            (operation.Count * OverheadSeconds)
                + (operation.OtherBytes * SecondsPerOtherByte)
                + (operation.StreamedBytes * band.SecondsPerByte),
            operation.StreamedBytes * band.HalfWidthSecondsPerByte,
            streams && Curve!.IsOutside(operation.Intensity),
            operation.Class == Class ? null : Class
        );
    }
}
