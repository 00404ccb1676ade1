using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Measurement.Runs;

/// <summary>Points that are in memory at the same time and sampled in turns.</summary>
/// <param name="Points">Their conditions.</param>
/// <param name="Plans">Their steps, in the same order.</param>
public sealed record RunGroup(IReadOnlyList<PointConditions> Points, IReadOnlyList<DecodeStepPlan> Plans)
{
    /// <summary>Memory that the group takes: tensors that several points need count once.</summary>
    public long MemoryBytes => GroupMemory.Of(Plans);
}
