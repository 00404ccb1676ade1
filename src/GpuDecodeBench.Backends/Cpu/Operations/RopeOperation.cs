using GpuDecodeBench.Backends.Cpu.Kernels;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>Rotary position embedding of the plan's span of a row, in place. Items: sequences.</summary>
internal sealed unsafe class RopeOperation(PlanOperation plan, CpuKernels kernels, RotaryTable table, CpuBuffer buffer)
    : CpuOperation(plan, buffer.Batch, 1)
{
    private readonly RotarySpan _span = plan.Rotary!.Value;

    protected override void Execute(int worker, long first, long end)
    {
        int half = _span.Dimensions / 2;
        for (int sequence = (int)first; sequence < end; sequence++)
        {
            float* cosines = table.Cosines(sequence);
            float* head = buffer.Row(sequence) + _span.Offset;
            for (int i = 0; i < _span.Heads; i++, head += _span.HeadStride)
            {
                kernels.Rotate(head, cosines, cosines + half, half);
            }
        }
    }
}
