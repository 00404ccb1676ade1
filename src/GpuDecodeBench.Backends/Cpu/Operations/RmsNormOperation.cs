using GpuDecodeBench.Backends.Cpu.Kernels;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>RMS norm of the first elements of a row. Items: sequences.</summary>
internal sealed unsafe class RmsNormOperation(
    PlanOperation plan,
    CpuKernels kernels,
    NativeBuffer weight,
    float epsilon,
    CpuBuffer input,
    CpuBuffer output
) : CpuOperation(plan, input.Batch, 1)
{
    protected override void Execute(int worker, long first, long end)
    {
        for (int sequence = (int)first; sequence < end; sequence++)
        {
            kernels.RmsNorm(input.Row(sequence), weight.Floats, Plan.OutputWidth, epsilon, output.Row(sequence));
        }
    }
}
