using GpuDecodeBench.Backends.Cpu.Kernels;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary><c>cap × tanh(x / cap)</c>, in place. Items: slices of each sequence's elements.</summary>
internal sealed unsafe class SoftCapOperation(PlanOperation plan, CpuKernels kernels, float cap, CpuBuffer values)
    : CpuOperation(plan, (long)values.Batch * Slices(values.Length), 1)
{
    private const int SliceElements = 4096;

    protected override void Execute(int worker, long first, long end)
    {
        int slices = Slices(values.Length);
        for (long item = first; item < end; item++)
        {
            int start = (int)(item % slices) * SliceElements;
            kernels.SoftCap(
                values.Row((int)(item / slices)) + start,
                Math.Min(SliceElements, values.Length - start),
                cap
            );
        }
    }

    private static int Slices(int length) => (length + SliceElements - 1) / SliceElements;
}
