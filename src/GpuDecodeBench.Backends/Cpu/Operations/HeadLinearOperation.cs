using GpuDecodeBench.Backends.Cpu.Kernels;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>
/// A matrix for each head; what a head's matrix does not take of its input is copied behind the product. Items: heads.
/// </summary>
internal sealed unsafe class HeadLinearOperation(
    PlanOperation plan,
    CpuKernels kernels,
    PanelMatrixSet matrices,
    CpuBuffer input,
    CpuBuffer output,
    CpuBuffer[] heads
) : CpuOperation(plan, matrices.Count, 1)
{
    protected override void Execute(int worker, long first, long end)
    {
        int rows = (int)matrices[0].Layout.Rows;
        int columns = (int)matrices[0].Layout.Columns;
        int outputStride = Plan.OutputWidth / matrices.Count;
        int copied = outputStride - rows;
        // Kernels read whole lines: a head is taken to a row of its own that is padded with zeros.
        CpuBuffer padded = heads[worker];
        for (int head = (int)first; head < end; head++)
        {
            for (int sequence = 0; sequence < input.Batch; sequence++)
            {
                float* source = input.Row(sequence) + ((long)head * (columns + copied));
                float* target = output.Row(sequence) + ((long)head * outputStride);
                new Span<float>(source, columns).CopyTo(new Span<float>(padded.Row(sequence), columns));
                new Span<float>(source + columns, copied).CopyTo(new Span<float>(target + rows, copied));
            }

            var arguments = new LinearArguments
            {
                Input = padded.Row(0),
                InputStride = padded.Stride,
                Output = output.Row(0) + ((long)head * outputStride),
                OutputStride = output.Stride,
                Bias = null,
                Batch = input.Batch,
            };
            kernels.Linear(matrices[head], in arguments, 0, matrices[head].Panels);
        }
    }
}
