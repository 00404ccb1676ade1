using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics;

/// <summary>
/// A measured point against its roofline, per operation and for the step, over the layers that were measured. The ceilings are
/// those seen in the same run.
/// </summary>
public sealed class RooflineComparison
{
    private RooflineComparison(RunRecord record, PointRecord point)
    {
        Record = record;
        Point = point;
        bool timed = point.OperationsSecondsOverStep is not null;
        Operations = [.. point.Operations.Select(operation => Compare(operation, timed))];
        Step = new OperationComparison
        {
            Name = "step",
            Kind = "step",
            Count = 1,
            PredictedSeconds = point.RooflineSeconds ?? Predict(point.WeightReadBytes + point.KvReadBytes, point.Flops),
            MeasuredSeconds = point.StepSeconds.Median,
            Bound = point.Bound,
            ShareOfStep = 1,
            CompulsoryReadBytes = point.WeightReadBytes + point.KvReadBytes,
        };
        if (timed && Operations.Count > 0)
        {
            RemainderSeconds = point.StepSeconds.Median - point.Operations.Sum(operation => operation.Seconds ?? 0);
        }
    }

    /// <summary>The run.</summary>
    public RunRecord Record { get; }

    /// <summary>The point.</summary>
    public PointRecord Point { get; }

    /// <summary>The operations, in the record's order.</summary>
    public IReadOnlyList<OperationComparison> Operations { get; }

    /// <summary>The step of the measured layers.</summary>
    public OperationComparison Step { get; }

    /// <summary>
    /// The step's median less the sum of its operations' known times, in seconds: launches, gaps and overlap that no operation accounts
    /// for, and operations whose time is not known. Negative where operations timed alone take longer than together; null where they
    /// were not timed.
    /// </summary>
    public double? RemainderSeconds { get; }

    /// <summary><see cref="RemainderSeconds"/> over the step's median, a fraction; null where that is not known.</summary>
    public double? RemainderShare => RemainderSeconds / Point.StepSeconds.Median;

    /// <summary>Compares a point with its roofline.</summary>
    /// <param name="record">The run.</param>
    /// <param name="point">One of its points.</param>
    public static RooflineComparison Of(RunRecord record, PointRecord point)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(point);
        return new RooflineComparison(record, point);
    }

    private OperationComparison Compare(OperationRecord operation, bool timed)
    {
        long compulsory = operation.WeightReadBytes + operation.KvReadBytes;
        double touched = (double)operation.ReadBytes + operation.WriteBytes;
        bool cached = OperationComparison.IsCached(compulsory, touched);
        double? measured = timed ? operation.Seconds : null;
        return new OperationComparison
        {
            Name = operation.Name,
            Kind = operation.Kind,
            Count = operation.Count,
            PredictedSeconds = cached ? null : operation.RooflineSeconds ?? Predict(compulsory, operation.Flops),
            MeasuredSeconds = measured,
            IsExtrapolated = measured is not null && operation.Provenance?.Kind == Provenance.Extrapolated,
            Bound = cached ? OperationComparison.CacheBound : operation.Bound ?? BoundOf(compulsory, operation.Flops),
            ShareOfStep = measured / Point.StepSeconds.Median,
            CompulsoryReadBytes = compulsory,
        };
    }

    /// <summary>
    /// The read ceiling that the point is held against: the one followed while it was sampled, else the run's; null without one.
    /// </summary>
    public double? ReadCeilingBytesPerSecond =>
        Point.ReadCeilingBytesPerSecond ?? Record.Ceilings.ReadBytesPerSecond.Value;

    private double? Predict(long bytes, long flops) => Bounds(bytes, flops)?.Seconds;

    private string? BoundOf(long bytes, long flops) => Bounds(bytes, flops)?.Bound;

    private RooflineTime? Bounds(long bytes, long flops)
    {
        if (ReadCeilingBytesPerSecond is not (> 0 and double read))
        {
            return null;
        }

        double? compute = Record.Ceilings.FlopsPerSecond.Value is > 0 and double rate ? rate : null;
        return Roofline.Of(bytes, flops, new RooflineCeilings(read, compute));
    }
}
