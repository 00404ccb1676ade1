using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>Chooses experts. Items: sequences.</summary>
internal sealed unsafe class RouteOperation(
    PlanOperation plan,
    MixtureOfExperts experts,
    NativeBuffer? choiceBias,
    CpuBuffer logits,
    CpuBuffer routing
) : CpuOperation(plan, logits.Batch, 1)
{
    protected override void Execute(int worker, long first, long end)
    {
        ReadOnlySpan<float> bias = choiceBias is null
            ? []
            : new ReadOnlySpan<float>(choiceBias.Floats, experts.Experts);
        for (int sequence = (int)first; sequence < end; sequence++)
        {
            ExpertRouter.Choose(
                experts,
                new ReadOnlySpan<float>(logits.Row(sequence), experts.Experts),
                bias,
                new Span<float>(routing.Row(sequence), Plan.OutputWidth)
            );
        }
    }
}
