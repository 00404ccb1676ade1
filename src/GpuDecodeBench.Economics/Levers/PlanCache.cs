using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Economics.Levers;

/// <summary>Plans by what they are of: a ranking of levers asks for the same ones again and again.</summary>
internal sealed class PlanCache
{
    private readonly Dictionary<StepTarget, DecodeStepPlan> _plans = [];

    /// <summary>The plan of a step.</summary>
    /// <exception cref="InputException">The step does not fit the model.</exception>
    public DecodeStepPlan Of(StepTarget target)
    {
        StepTarget key = target with { Hardware = null };
        if (!_plans.TryGetValue(key, out DecodeStepPlan? plan))
        {
            plan = DecodeStepPlan.Create(
                key.Model,
                StepConditions.Uniform(key.Formats, key.Batch, key.ContextTokens, key.TensorParallel) with
                {
                    KvBlockTokens = key.KvBlockTokens,
                }
            );
            _plans.Add(key, plan);
        }

        return plan;
    }
}
