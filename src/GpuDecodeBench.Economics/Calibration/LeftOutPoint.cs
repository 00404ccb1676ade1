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

    /// <summary>
    /// The same of the operations that the step executes more than once, which are those of its layers: what other depths rest on. Null
    /// without a prediction or without operations' times.
    /// </summary>
    internal double? LayersError
    {
        get
        {
            double predicted = Step?.Operations.Where(operation => operation.Count > 1).Sum(each => each.Seconds) ?? 0;
            double measured = Point.HasOperationTimes
                ? Point.Operations.Where(operation => operation.Count > 1).Sum(each => each.MeasuredSeconds!.Value)
                : 0;
            return predicted > 0 && measured > 0 ? (predicted / measured) - 1 : null;
        }
    }

    /// <summary>Predicted over measured time less one, a fraction; null without a prediction.</summary>
    public double? Error => (Step?.Seconds / Point.StepSeconds) - 1;
}
