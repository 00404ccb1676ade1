using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>Sorts the chosen experts' tokens by expert. One item.</summary>
internal sealed unsafe class GroupByExpertOperation(
    PlanOperation plan,
    MixtureOfExperts experts,
    ExpertAssignment assignment,
    CpuBuffer routing
) : CpuOperation(plan, 1, 1)
{
    private readonly int[] _chosen = new int[routing.Batch * experts.ExpertsPerToken];

    protected override void Execute(int worker, long first, long end)
    {
        int slots = experts.ExpertsPerToken;
        for (int sequence = 0; sequence < routing.Batch; sequence++)
        {
            for (int slot = 0; slot < slots; slot++)
            {
                _chosen[(sequence * slots) + slot] = (int)routing.Row(sequence)[slot];
            }
        }

        assignment.Assign(Plan.Layer!.Value, _chosen, slots, experts.Experts);
    }
}
