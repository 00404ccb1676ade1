using GpuDecodeBench.Backends.Cpu.Kernels;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>Adds the experts' outputs by the routing's weights, and the shared expert's. Items: sequences.</summary>
internal sealed unsafe class ExpertCombineOperation(
    PlanOperation plan,
    CpuKernels kernels,
    ExpertAssignment assignment,
    CpuBuffer routing,
    CpuBuffer outputs,
    CpuBuffer? shared,
    CpuBuffer delta
) : CpuOperation(plan, delta.Batch, 1)
{
    protected override void Execute(int worker, long first, long end)
    {
        for (int sequence = (int)first; sequence < end; sequence++)
        {
            var target = new Span<float>(delta.Row(sequence), delta.Length);
            if (shared is null)
            {
                target.Clear();
            }
            else
            {
                new Span<float>(shared.Row(sequence), shared.Length).CopyTo(target);
            }

            float* weights = routing.Row(sequence) + Plan.Slots;
            for (int slot = 0; slot < Plan.Slots; slot++)
            {
                float* output = outputs.Row(assignment.Row(sequence, slot, Plan.Slots));
                kernels.AddScaled(delta.Row(sequence), output, weights[slot], delta.Length);
            }
        }
    }
}
