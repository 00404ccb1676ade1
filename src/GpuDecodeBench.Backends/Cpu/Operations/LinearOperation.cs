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
    int threads
) : CpuOperation(plan, matrix.Panels, PanelsPerTurn(matrix, threads))
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
        };
        kernels.Linear(matrix, in arguments, first, end);
    }

    /// <summary>An even number of panels: some kernels take two at a time.</summary>
    private static long PanelsPerTurn(PanelMatrix matrix, int threads) =>
        Math.Max(2, matrix.Panels / (threads * TurnsPerThread) / 2 * 2);
}
