using GpuDecodeBench.Backends.Cpu.Kernels;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary><c>silu(gate) × up</c>. Items: slices of each sequence's elements.</summary>
internal sealed unsafe class GatedActivationOperation(
    PlanOperation plan,
    CpuKernels kernels,
    int length,
    CpuBuffer gateUp,
    CpuBuffer gated
) : CpuOperation(plan, (long)gated.Batch * Slices(length), 1)
{
    private const int SliceElements = 2048;

    protected override void Execute(int worker, long first, long end)
    {
        int slices = Slices(length);
        for (long item = first; item < end; item++)
        {
            int sequence = (int)(item / slices);
            int start = (int)(item % slices) * SliceElements;
            float* gate = gateUp.Row(sequence);
            kernels.GatedSilu(
                gate + start,
                gate + length + start,
                Math.Min(SliceElements, length - start),
                gated.Row(sequence) + start
            );
        }
    }

    private static int Slices(int length) => (length + SliceElements - 1) / SliceElements;
}
