using GpuDecodeBench.Backends.Cpu.Kernels;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>Rotary position embedding of queries and keys, in place. Items: sequences.</summary>
internal sealed unsafe class RopeOperation(
    PlanOperation plan,
    CpuKernels kernels,
    GroupedQueryAttention attention,
    RotaryTable table,
    CpuBuffer qkv
) : CpuOperation(plan, qkv.Batch, 1)
{
    protected override void Execute(int worker, long first, long end)
    {
        int dimension = attention.HeadDimension;
        for (int sequence = (int)first; sequence < end; sequence++)
        {
            float* cosines = table.Cosines(sequence);
            for (int head = 0; head < attention.Heads + attention.KvHeads; head++)
            {
                kernels.Rotate(
                    qkv.Row(sequence) + (head * dimension),
                    cosines,
                    cosines + (dimension / 2),
                    dimension / 2
                );
            }
        }
    }
}
