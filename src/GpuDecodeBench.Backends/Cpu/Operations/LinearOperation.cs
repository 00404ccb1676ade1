using GpuDecodeBench.Backends.Cpu.Kernels;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>A matrix product. Items: panels of four rows, some at a time.</summary>
internal sealed unsafe class LinearOperation(
    PlanOperation plan,
    CpuKernels kernels,
    PanelMatrix matrix,
    NativeBuffer? bias,
    CpuBuffer input,
    CpuBuffer output,
    WorkerScratch scratch
) : CpuOperation(plan, matrix.Panels, PanelsPerTurn(matrix, scratch.Workers, input.Batch))
{
    /// <summary>Turns for each thread: enough that the last one is short, few enough that reads stay long.</summary>
    private const int TurnsPerThread = 24;

    protected override void Execute(int worker, long first, long end)
    {
        var arguments = new LinearArguments
        {
            Input = input.Row(0),
            InputStride = input.Stride,
            Output = output.Row(0),
            OutputStride = output.Stride,
            Bias = bias is null ? null : bias.Floats,
            Batch = input.Batch,
            Scratch = scratch.Of(worker),
        };
        kernels.Linear(matrix, in arguments, first, end);
    }

    /// <summary>An even number of panels: some kernels take two at a time. Wide products take whole blocks where there are enough.</summary>
    private static long PanelsPerTurn(PanelMatrix matrix, int threads, int batch)
    {
        long panels = Math.Max(2, matrix.Panels / (threads * TurnsPerThread) / 2 * 2);
        long block = Math.Min(WideScratch.BlockPanels, matrix.Panels / (2L * threads) / 2 * 2);
        return batch < WideScratch.SmallestBatch || block == 0 ? panels : Math.Max(panels / block, 1) * block;
    }
}
