using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Levers;

/// <summary>
/// Steps from a measured point on. What the same run measured is taken as it is. Any other step is extrapolated: the measured time by the
/// ratio of the two rooflines, so at the same share of the limit; on another device by the ratio of the datasheets.
/// </summary>
public sealed class MeasuredSteps : IStepSource
{
    private readonly PlanCache _plans = new();
    private readonly RunRecord _record;
    private readonly PointRecord _point;
    private readonly (PointRecord Point, StepTarget Target)[] _measured;

    /// <summary>Steps from a point on.</summary>
    /// <param name="record">The run.</param>
    /// <param name="point">One of its points.</param>
    /// <exception cref="InputException">The step cannot be planned again from the record.</exception>
    public MeasuredSteps(RunRecord record, PointRecord point)
    {
        ArgumentNullException.ThrowIfNull(record);
        ArgumentNullException.ThrowIfNull(point);
        _record = record;
        _point = point;
        Base = StepTarget.Of(RecordPlan.Of(record, point), null);
        _measured =
        [
            .. record
                .Points.Where(other => other != point && PointQuality.IsSound(other))
                .Select(other => (other, RecordPlan.TryOf(record, other)))
                .Where(pair => pair.Item2 is not null)
                .Select(pair => (pair.other, StepTarget.Of(pair.Item2!, null))),
        ];
    }

    /// <inheritdoc/>
    public StepTarget Base { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> InvalidReasons => PointQuality.ReasonsAgainst(_point);

    /// <summary>The read ceiling that the point is held against, in bytes per second; null without one.</summary>
    public double? ReadCeilingBytesPerSecond =>
        _point.ReadCeilingBytesPerSecond ?? _record.Ceilings.ReadBytesPerSecond.Value;

    /// <summary>The arithmetic ceiling of the run, in floating-point operations per second; null without one.</summary>
    public double? FlopsCeilingPerSecond => _record.Ceilings.FlopsPerSecond.Value;

    /// <inheritdoc/>
    public DecodeStepPlan PlanOf(StepTarget target) => _plans.Of(target);

    /// <inheritdoc/>
    public StepTime TimeOf(StepTarget target, int tokensEach, ModelInput latency)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (tokensEach == 1 && PointOf(target) is PointRecord measured)
        {
            return new StepTime(RecordCost.StepSecondsOf(measured), RecordCost.TokensPerSecondProvenanceOf(measured));
        }

        if (
            CeilingsOf(target) is not (RooflineCeilings here, RooflineCeilings there, string limit)
            || (there.FlopsPerSecond is null && target.Batch * tokensEach > Base.Batch)
        )
        {
            return new StepTime(
                null,
                ProvenanceNote.Unavailable(
                    "notMeasured",
                    "this step was not measured, and the run has no ceilings from which it could be extrapolated"
                )
            );
        }

        DecodeStepPlan one = PlanOf(target);
        DecodeStepPlan all = tokensEach == 1 ? one : PlanOf(target with { Batch = target.Batch * tokensEach });
        DecodeStepPlan start = PlanOf(Base);
        double ratio = StepRoofline.Seconds(one, all, there) / StepRoofline.Seconds(start, start, here);
        double? link = SpecificationOf(target) is DeviceSpecification specification
            ? LinkEquations.Seconds(all, specification, latency)
            : null;
        string counted =
            target.TensorParallel > 1 && link is null ? "; the link between devices is not known and not counted" : "";
        return new StepTime(
            (RecordCost.StepSecondsOf(_point) * ratio) + (link ?? 0),
            ProvenanceNote.Extrapolated(
                $"the measured step times {ratio:0.####}, the ratio of the two steps' limits by {limit}{counted}"
            )
        );
    }

    /// <inheritdoc/>
    public IStepSource AtShare(double share) => this;

    /// <inheritdoc/>
    public bool WasMeasured(StepTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return PointOf(target) is not null;
    }

    /// <inheritdoc/>
    public IReadOnlyList<int>? KnownBatches(StepTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        bool canExtrapolate = CeilingsOf(target) is (_, { FlopsPerSecond: not null }, _);
        return canExtrapolate
            ? null
            :
            [
                .. _measured
                    .Select(pair => pair.Target)
                    .Where(known => known == target with { Batch = known.Batch })
                    .Select(known => known.Batch)
                    .Distinct(),
            ];
    }

    /// <inheritdoc/>
    public DeviceSpecification? SpecificationOf(StepTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target.Hardware is HardwareEntry other ? other.ToSpecification() : _record.Device.Specification;
    }

    /// <inheritdoc/>
    public long? MemoryBytesOf(StepTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target.Hardware is HardwareEntry other
            ? other.ToSpecification().MemoryBytes
            : _record.Device.MemoryBytes;
    }

    /// <inheritdoc/>
    public Figure PowerOf(StepTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (target.Hardware is not null)
        {
            return Figure.Unavailable("notMeasured");
        }

        if (PointOf(target) is PointRecord measured)
        {
            return measured.Power;
        }

        return _point.Power.Value is double watts
            ? Figure.Assumed(watts, "as measured without the lever", _point.Power.Method)
            : _point.Power;
    }

    /// <inheritdoc/>
    public HardwareUnits HardwareOf(StepTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target.Hardware is HardwareEntry other
            ? new HardwareUnits(other.Name, target.TensorParallel)
            : RecordCost.HardwareOf(_record, _point with { TensorParallel = target.TensorParallel });
    }

    /// <summary>The point of the run that measured a step; the base's own even where something speaks against it.</summary>
    private PointRecord? PointOf(StepTarget target)
    {
        if (target == Base)
        {
            return _point;
        }

        return Array.Find(_measured, pair => pair.Target == target).Point;
    }

    /// <summary>The limits by which the base and a step are compared, and whose they are; null where none are known.</summary>
    private (RooflineCeilings Here, RooflineCeilings There, string Limit)? CeilingsOf(StepTarget target)
    {
        if (target.Hardware is not HardwareEntry other)
        {
            if (ReadCeilingBytesPerSecond is not (> 0 and double read))
            {
                return null;
            }

            var own = new RooflineCeilings(read, FlopsCeilingPerSecond);
            return (own, own, "the run's own ceilings");
        }

        DeviceSpecification there = other.ToSpecification();
        return
            _record.Device.Specification is { MemoryBytesPerSecond: double hereRate } here
            && there.MemoryBytesPerSecond is double thereRate
            ? (
                new RooflineCeilings(hereRate, here.Bf16FlopsPerSecond),
                new RooflineCeilings(thereRate, there.Bf16FlopsPerSecond),
                "the two datasheets"
            )
            : null;
    }
}
