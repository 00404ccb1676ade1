using GpuDecodeBench.Records;

namespace GpuDecodeBench.Economics.Levers;

/// <summary>A step that a run measured.</summary>
/// <param name="Point">The point.</param>
/// <param name="Target">Its step.</param>
/// <param name="ReadCeiling">The read ceiling that the point is held against, in bytes per second; null without one.</param>
internal sealed record MeasuredStep(PointRecord Point, StepTarget Target, double? ReadCeiling)
{
    /// <summary>The step that the point's tokens per second are over, in seconds.</summary>
    public double Seconds { get; } = RecordCost.StepSecondsOf(Point);

    /// <summary>Its conditions, in words.</summary>
    public string Words => $"{Point.Weights} weights, {Point.Kv} KV, batch {Point.Batch}, context {Point.Context}";
}
