using GpuDecodeBench.Backends.Cpu.Kernels;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>Joins gate and up halves. Items: slices of each row's elements.</summary>
internal sealed unsafe class GatedActivationOperation(
    PlanOperation plan,
    CpuKernels kernels,
    GatedActivationKind kind,
    CpuBuffer gateUp,
    CpuBuffer gated
) : CpuOperation(plan, (long)gated.Batch * Slices(gated.Length), 1)
{
    private const int SliceElements = 2048;

    protected override void Execute(int worker, long first, long end)
    {
        int length = gated.Length;
        int slices = Slices(length);
        for (long item = first; item < end; item++)
        {
            int sequence = (int)(item / slices);
            int start = (int)(item % slices) * SliceElements;
            float* gate = gateUp.Row(sequence);
            kernels.JoinGates(
                kind,
                gate + start,
                gate + length + start,
                Math.Min(SliceElements, length - start),
                gated.Row(sequence) + start
            );
        }
    }

    private static int Slices(int length) => (length + SliceElements - 1) / SliceElements;
}
