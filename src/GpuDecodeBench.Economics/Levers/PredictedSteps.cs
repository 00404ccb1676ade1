using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Economics.Physics;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Levers;

/// <summary>Steps as datasheets allow them at best, or at a share of that speed.</summary>
public sealed class PredictedSteps : IStepSource
{
    private readonly PlanCache _plans;
    private readonly double _share = 1;

    /// <summary>Steps from a prediction on.</summary>
    /// <param name="prediction">The prediction.</param>
    public PredictedSteps(RooflinePrediction prediction)
    {
        ArgumentNullException.ThrowIfNull(prediction);
        _plans = new PlanCache();
        Base = StepTarget.Of(prediction.Plan, prediction.Hardware);
    }

    private PredictedSteps(PredictedSteps steps, double share)
    {
        _plans = steps._plans;
        _share = share;
        Base = steps.Base;
    }

    /// <inheritdoc/>
    public StepTarget Base { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> InvalidReasons => [];

    /// <inheritdoc/>
    public DecodeStepPlan PlanOf(StepTarget target) => _plans.Of(target);

    /// <inheritdoc/>
    public StepTime TimeOf(StepTarget target, int tokensEach, ModelInput latency)
    {
        ArgumentNullException.ThrowIfNull(target);
        DecodeStepPlan one = PlanOf(target);
        DecodeStepPlan all = tokensEach == 1 ? one : PlanOf(target with { Batch = target.Batch * tokensEach });
        DeviceSpecification specification = Specification(target);
        double bandwidth =
            specification.MemoryBytesPerSecond
            ?? throw new InputException($"No memory bandwidth of {specification.Name} is known.");
        var ceilings = new RooflineCeilings(bandwidth, specification.Bf16FlopsPerSecond);
        double? link = LinkEquations.Seconds(all, specification, latency);
        double seconds = (StepRoofline.Seconds(one, all, ceilings) / _share) + (link ?? 0);
        string counted = link is null ? "; the link between devices is not known and not counted" : "";
        string arithmetic = ceilings.FlopsPerSecond is null ? "; its arithmetic rate is not known and not counted" : "";
        return new StepTime(
            seconds,
            ProvenanceNote.Predicted($"datasheet of {specification.Name}{counted}{arithmetic}")
        );
    }

    /// <inheritdoc/>
    public IStepSource AtShare(double share) => new PredictedSteps(this, share);

    /// <inheritdoc/>
    public bool WasMeasured(StepTarget target) => false;

    /// <inheritdoc/>
    public IReadOnlyList<int> MeasuredBatches(StepTarget target) => [];

    /// <inheritdoc/>
    public int? LargestKnownBatch(StepTarget target) => null;

    /// <inheritdoc/>
    public DeviceSpecification? SpecificationOf(StepTarget target) => Specification(target);

    /// <inheritdoc/>
    public long? MemoryBytesOf(StepTarget target) => Specification(target).MemoryBytes;

    /// <inheritdoc/>
    public Figure PowerOf(StepTarget target) => Figure.Unavailable("notMeasured");

    /// <inheritdoc/>
    public Figure IdlePowerOf(StepTarget target) => Figure.Unavailable("notMeasured");

    /// <inheritdoc/>
    public HardwareUnits HardwareOf(StepTarget target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return new HardwareUnits(target.Hardware!.Name, target.TensorParallel);
    }

    private static DeviceSpecification Specification(StepTarget target) => target.Hardware!.ToSpecification();
}
