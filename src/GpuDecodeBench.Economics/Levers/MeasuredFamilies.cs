using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Levers;

/// <summary>
/// A run's measured steps by what they share beside the batch, and which of these families another step is to be scaled from. The
/// choice depends on the step alone, never on the point that a question starts from: the same step must have one price.
/// </summary>
internal sealed class MeasuredFamilies
{
    private readonly IReadOnlyList<MeasuredStep>[] _families;
    private readonly PlanCache _plans;

    /// <summary>The families of some steps.</summary>
    /// <param name="steps">The steps, at least one.</param>
    /// <param name="plans">Where plans are kept.</param>
    public MeasuredFamilies(IEnumerable<MeasuredStep> steps, PlanCache plans)
    {
        _plans = plans;
        _families =
        [
            .. steps
                .GroupBy(step => step.Target with { Batch = 1 })
                .Select(family =>
                    (MeasuredStep[])
                        [
                            .. family
                                .GroupBy(step => step.Target.Batch)
                                .Select(same => same.First())
                                .OrderBy(step => step.Target.Batch),
                        ]
                ),
        ];
    }

    /// <summary>
    /// The family nearest to a step, by rising batch, one step for a batch: of its formats and context where they were measured; else
    /// of the weight format that is nearest in bytes, as narrow formats are decoded about as fast as others of their width and reach a
    /// smaller share of the limit than wide ones; then of the nearest cache format, number of devices, and context.
    /// </summary>
    /// <param name="target">The step.</param>
    public IReadOnlyList<MeasuredStep> Nearest(StepTarget target) =>
        _families
            .OrderBy(family => Apart(family[0].Target, target, WeightBytes))
            .ThenBy(family => family[0].Target.Formats.Weights == target.Formats.Weights ? 0 : 1)
            .ThenBy(family => family[0].Target.Formats.LmHead == target.Formats.LmHead ? 0 : 1)
            .ThenBy(family => Apart(family[0].Target, target, KvBytes))
            .ThenBy(family => family[0].Target.Formats == target.Formats ? 0 : 1)
            .ThenBy(family => Math.Abs(family[0].Target.TensorParallel - target.TensorParallel))
            .ThenBy(family => Math.Abs(Math.Log((double)family[0].Target.ContextTokens / target.ContextTokens)))
            .ThenBy(family => family[0].Target.KvBlockTokens == target.KvBlockTokens ? 0 : 1)
            .First();

    /// <summary>How far two steps' formats lie apart: the bytes of one step of the measured model, once in each's formats.</summary>
    private long Apart(StepTarget measured, StepTarget target, Func<DecodeStepPlan, long> bytes)
    {
        StepTarget same = measured with { Batch = 1 };
        WeightFormat head = measured.Formats.LmHead;
        return Math.Abs(
            bytes(_plans.Of(same)) - bytes(_plans.Of(same with { Formats = target.Formats with { LmHead = head } }))
        );
    }

    private static long WeightBytes(DecodeStepPlan plan) => plan.Totals.WeightReadBytes;

    private static long KvBytes(DecodeStepPlan plan) => plan.Totals.KvReadBytes;
}
