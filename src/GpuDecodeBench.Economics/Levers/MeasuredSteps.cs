using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Layers;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Levers;

/// <summary>
/// Steps from a measured point on. What the same run measured is taken as it is. Any other step is extrapolated from the measured steps
/// that are nearest to it (<see cref="MeasuredFamilies"/>, <see cref="ExtrapolatedSteps"/>), whichever point is the base: by the run's
/// own ceilings, on another device by the two datasheets.
/// </summary>
public sealed class MeasuredSteps : IStepSource
{
    private readonly PlanCache _plans = new();
    private readonly Dictionary<StepTarget, ExtrapolatedSteps?> _extrapolated = [];
    private readonly RunRecord _record;
    private readonly PointRecord _point;
    private readonly MeasuredStep[] _measured;
    private readonly MeasuredFamilies _families;

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
                .Points.Where(PointQuality.IsSound)
                .Select(one => (Point: one, Plan: RecordPlan.TryOf(record, one)))
                .Where(one => one.Plan is not null && one.Point.TokensPerSecond > 0)
                .Select(one => new MeasuredStep(one.Point, StepTarget.Of(one.Plan!, null), CeilingOf(one.Point))),
        ];
        // A point that speaks against itself is what others are scaled from only where the run has no better.
        MeasuredStep[] from = _measured.Length > 0 ? _measured : [new MeasuredStep(point, Base, CeilingOf(point))];
        _families = new MeasuredFamilies(from, _plans);
    }

    /// <inheritdoc/>
    public StepTarget Base { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> InvalidReasons => PointQuality.ReasonsAgainst(_point);

    /// <summary>The read ceiling that the point is held against, in bytes per second; null without one.</summary>
    public double? ReadCeilingBytesPerSecond => CeilingOf(_point);

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
            ExtrapolatedOf(target) is not ExtrapolatedSteps steps
            || target.Batch * tokensEach > (steps.LargestBatch ?? int.MaxValue)
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

        (double seconds, string how) = steps.At(target.Batch, tokensEach);
        double? link = LinkOf(target, tokensEach, latency);
        string counted = link is null ? "; the link between devices is not known and not counted" : "";
        return new StepTime(seconds + (link ?? 0), ProvenanceNote.Extrapolated($"{how}{counted}"));
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
    public IReadOnlyList<int> MeasuredBatches(StepTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return
        [
            .. _measured
                .Select(step => step.Target)
                .Append(Base)
                .Where(known => known == target with { Batch = known.Batch })
                .Select(known => known.Batch)
                .Distinct(),
        ];
    }

    /// <inheritdoc/>
    public int? LargestKnownBatch(StepTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return ExtrapolatedOf(target) is ExtrapolatedSteps steps
            ? steps.LargestBatch
            : MeasuredBatches(target).DefaultIfEmpty(0).Max();
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

        MeasuredStep nearest = _families
            .Nearest(target)
            .MinBy(step => Math.Abs(Math.Log((double)step.Target.Batch / target.Batch)))!;
        return nearest.Point.Power.Value is double watts
            ? Figure.Assumed(watts, $"as measured with {nearest.Words}", nearest.Point.Power.Method)
            : nearest.Point.Power;
    }

    /// <inheritdoc/>
    public Figure IdlePowerOf(StepTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return target.Hardware is null && _record.Telemetry is TelemetryRecord telemetry
            ? telemetry.IdleWatts
            : Figure.Unavailable("notMeasured");
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

        return Array.Find(_measured, step => step.Target == target)?.Point;
    }

    private double? CeilingOf(PointRecord point) =>
        point.ReadCeilingBytesPerSecond ?? _record.Ceilings.ReadBytesPerSecond.Value;

    /// <summary>Seconds on the link that the extrapolated time has not in it; null where the link is not known.</summary>
    private double? LinkOf(StepTarget target, int tokensEach, ModelInput latency)
    {
        int measured = _families.Nearest(target)[0].Target.TensorParallel;
        if (target.TensorParallel == 1 || (target.Hardware is null && target.TensorParallel == measured))
        {
            return 0;
        }

        return SpecificationOf(target) is DeviceSpecification specification
            ? LinkEquations.Seconds(PlanOf(target with { Batch = target.Batch * tokensEach }), specification, latency)
            : null;
    }

    /// <summary>What the nearest measured steps say of a step at any batch; null without ceilings by which they could be compared.</summary>
    private ExtrapolatedSteps? ExtrapolatedOf(StepTarget target)
    {
        StepTarget key = target with { Batch = 1 };
        if (!_extrapolated.TryGetValue(key, out ExtrapolatedSteps? steps))
        {
            steps = Extrapolate(target);
            _extrapolated.Add(key, steps);
        }

        return steps;
    }

    private ExtrapolatedSteps? Extrapolate(StepTarget target)
    {
        IReadOnlyList<MeasuredStep> family = _families.Nearest(target);
        if (target.Hardware is not HardwareEntry other)
        {
            return family.All(step => step.ReadCeiling is > 0)
                ? new ExtrapolatedSteps(target, family, Own, "the run's own ceilings", _plans)
                : null;
        }

        DeviceSpecification there = other.ToSpecification();
        if (
            _record.Device.Specification is not { MemoryBytesPerSecond: double hereRate } here
            || there.MemoryBytesPerSecond is not double thereRate
        )
        {
            return null;
        }

        var from = new RooflineCeilings(hereRate, here.Bf16FlopsPerSecond);
        var to = new RooflineCeilings(thereRate, there.Bf16FlopsPerSecond);
        return new ExtrapolatedSteps(target, family, _ => (from, to), "the two datasheets", _plans);

        (RooflineCeilings, RooflineCeilings) Own(MeasuredStep step)
        {
            var own = new RooflineCeilings(step.ReadCeiling!.Value, FlopsCeilingPerSecond);
            return (own, own);
        }
    }
}
