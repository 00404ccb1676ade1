using GpuDecodeBench.Backends.Cpu.Kernels;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>RMS norm of each query and key head, in place. Items: sequences.</summary>
internal sealed unsafe class HeadNormOperation(
    PlanOperation plan,
    CpuKernels kernels,
    GroupedQueryAttention attention,
    NativeBuffer queryWeight,
    NativeBuffer keyWeight,
    float epsilon,
    CpuBuffer qkv
) : CpuOperation(plan, qkv.Batch, 1)
{
    protected override void Execute(int worker, long first, long end)
    {
        int dimension = attention.HeadDimension;
        for (int sequence = (int)first; sequence < end; sequence++)
        {
            for (int head = 0; head < attention.Heads + attention.KvHeads; head++)
            {
                float* values = qkv.Row(sequence) + (head * dimension);
                float* weight = head < attention.Heads ? queryWeight.Floats : keyWeight.Floats;
                kernels.RmsNorm(values, weight, dimension, epsilon, values);
            }
        }
    }
}
