namespace GpuDecodeBench.Economics.Calibration;

/// <summary>A measured point as a calibration predicts it that was made without it: neither its step nor its operations' times were used.</summary>
/// <param name="Point">The point.</param>
/// <param name="Step">The prediction over the layers that were measured; null where the other points cannot tell.</param>
/// <param name="WhyNot">Why there is no prediction; null where there is one.</param>
/// <param name="SameBatch">Other points of its weight format at its batch.</param>
public sealed record LeftOutPoint(CalibrationPoint Point, CalibratedStep? Step, string? WhyNot, int SameBatch)
{
    /// <summary>Whether the point is good enough for other points to be predicted by it.</summary>
    public bool IsInUse { get; init; } = true;

    /// <summary>Predicted over measured time less one, a fraction; null without a prediction.</summary>
    public double? Error => (Step?.Seconds / Point.StepSeconds) - 1;
}
