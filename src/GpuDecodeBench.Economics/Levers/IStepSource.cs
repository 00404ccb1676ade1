using GpuDecodeBench.Economics.Equations;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Levers;

/// <summary>How long steps take: what was measured, what follows from it, or what the datasheet allows.</summary>
public interface IStepSource
{
    /// <summary>The step that levers start from.</summary>
    StepTarget Base { get; }

    /// <summary>Why the base must not be trusted; empty where nothing speaks against it.</summary>
    IReadOnlyList<string> InvalidReasons { get; }

    /// <summary>The plan of a step.</summary>
    /// <param name="target">The step.</param>
    /// <exception cref="InputException">The step does not fit the model.</exception>
    DecodeStepPlan PlanOf(StepTarget target);

    /// <summary>The time of a step.</summary>
    /// <param name="target">The step.</param>
    /// <param name="tokensEach">Tokens that each sequence runs at once: 1, or more where drafted tokens are checked.</param>
    /// <param name="latency">The latency of an exchange between devices.</param>
    /// <exception cref="InputException">The step does not fit the model.</exception>
    StepTime TimeOf(StepTarget target, int tokensEach, ModelInput latency);

    /// <summary>
    /// The same steps at the share of the roofline's speed that software reaches, for a limit that must hold; what was measured, or
    /// follows from it, has its share already.
    /// </summary>
    /// <param name="share">The share, above 0 to 1.</param>
    IStepSource AtShare(double share);

    /// <summary>Whether a step was measured, and so fits the device.</summary>
    /// <param name="target">The step.</param>
    bool WasMeasured(StepTarget target);

    /// <summary>The batches at which a step was measured, its other conditions the same; none where none was.</summary>
    /// <param name="target">The step.</param>
    IReadOnlyList<int> MeasuredBatches(StepTarget target);

    /// <summary>The largest batch for which the time of a step is known; null where that of any is.</summary>
    /// <param name="target">The step.</param>
    int? LargestKnownBatch(StepTarget target);

    /// <summary>What is known of a step's device; null for nothing.</summary>
    /// <param name="target">The step.</param>
    DeviceSpecification? SpecificationOf(StepTarget target);

    /// <summary>The memory of a step's device, in bytes; null where it is not known.</summary>
    /// <param name="target">The step.</param>
    long? MemoryBytesOf(StepTarget target);

    /// <summary>The power of a busy device of a step, in watts; without a value where it was not measured.</summary>
    /// <param name="target">The step.</param>
    Figure PowerOf(StepTarget target);

    /// <summary>The power of a step's device while it has nothing to do, in watts; without a value where it was not measured.</summary>
    /// <param name="target">The step.</param>
    Figure IdlePowerOf(StepTarget target);

    /// <summary>The devices of a step.</summary>
    /// <param name="target">The step.</param>
    HardwareUnits HardwareOf(StepTarget target);
}
