using GpuDecodeBench.Backends.Cpu.Kernels;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>Adds a layer part's output to the residual stream, in place. Items: sequences.</summary>
internal sealed unsafe class ResidualOperation(
    PlanOperation plan,
    CpuKernels kernels,
    CpuBuffer delta,
    CpuBuffer hidden
) : CpuOperation(plan, hidden.Batch, 1)
{
    protected override void Execute(int worker, long first, long end)
    {
        for (int sequence = (int)first; sequence < end; sequence++)
        {
            kernels.Add(hidden.Row(sequence), delta.Row(sequence), hidden.Length);
        }
    }
}
