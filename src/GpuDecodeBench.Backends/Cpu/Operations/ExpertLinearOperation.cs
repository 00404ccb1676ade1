using GpuDecodeBench.Backends.Cpu.Kernels;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>
/// The products of the chosen experts' matrices with their tokens, each matrix read once. Items: distinct experts, each cut into
/// runs of panels. Rows of input and output are in the order of the assignment.
/// </summary>
internal sealed unsafe class ExpertLinearOperation(
    PlanOperation plan,
    CpuKernels kernels,
    PanelMatrixSet matrices,
    NativeBuffer? biases,
    ExpertAssignment assignment,
    ExpertInput input,
    CpuBuffer output,
    int runsPerExpert
) : CpuOperation(plan, ExpertAssignment.MostDistinct(output.Batch, matrices.Count) * runsPerExpert, 1)
{
    private readonly long _panelsPerRun = PanelsPerRun(matrices[0].Panels, runsPerExpert);

    /// <summary>Runs of panels that an expert's matrix is cut into: enough for all threads where few experts have tokens.</summary>
    public static int RunsPerExpert(PanelMatrix matrix, int threads, int slots) =>
        (int)Math.Clamp((threads * 16L + slots - 1) / slots, 1, Math.Max(1, matrix.Panels / 2));

    protected override void Execute(int worker, long first, long end)
    {
        int index = (int)(first / runsPerExpert);
        if (index >= assignment.Distinct)
        {
            return;
        }

        int expert = assignment.Expert(index);
        int row = assignment.FirstRow(index);
        PanelMatrix matrix = matrices[expert];
        long firstPanel = first % runsPerExpert * _panelsPerRun;
        if (firstPanel >= matrix.Panels)
        {
            return;
        }

        var arguments = new LinearArguments
        {
            Input = input.Rows(assignment, index),
            InputStride = input.Stride,
            Output = output.Row(row),
            OutputStride = output.Stride,
            Bias = biases is null ? null : biases.Floats + (expert * matrix.Layout.Rows),
            Batch = assignment.Rows(index),
        };
        kernels.Linear(matrix, in arguments, firstPanel, Math.Min(firstPanel + _panelsPerRun, matrix.Panels));
    }

    /// <summary>An even number of panels: some kernels take two at a time.</summary>
    private static long PanelsPerRun(long panels, int runs) => ((panels + runs - 1) / runs + 1) / 2 * 2;
}
