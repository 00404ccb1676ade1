using GpuDecodeBench.Backends.Cpu.Kernels;
using GpuDecodeBench.Workload.Models;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>RMS norm of the compressed keys and values inside the latent row, in place. Items: sequences.</summary>
internal sealed unsafe class LatentNormOperation(
    PlanOperation plan,
    CpuKernels kernels,
    MultiHeadLatentAttention attention,
    NativeBuffer weight,
    float epsilon,
    CpuBuffer latent
) : CpuOperation(plan, latent.Batch, 1)
{
    protected override void Execute(int worker, long first, long end)
    {
        int start = latent.Length - attention.CachedDimension;
        for (int sequence = (int)first; sequence < end; sequence++)
        {
            float* values = latent.Row(sequence) + start;
            kernels.RmsNorm(values, weight.Floats, attention.LatentDimension, epsilon, values);
        }
    }
}
