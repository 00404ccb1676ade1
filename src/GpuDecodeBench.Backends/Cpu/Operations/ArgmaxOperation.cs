using GpuDecodeBench.Backends.Cpu.Kernels;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>The index of the largest logit. Items: sequences.</summary>
internal sealed unsafe class ArgmaxOperation(PlanOperation plan, CpuKernels kernels, CpuBuffer logits, int[] nextTokens)
    : CpuOperation(plan, logits.Batch, 1)
{
    protected override void Execute(int worker, long first, long end)
    {
        for (int sequence = (int)first; sequence < end; sequence++)
        {
            nextTokens[sequence] = kernels.Argmax(logits.Row(sequence), logits.Length);
        }
    }
}
