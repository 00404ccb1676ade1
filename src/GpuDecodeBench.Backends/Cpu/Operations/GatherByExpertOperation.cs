using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>
/// Copies each token's input to the rows of the experts that it chose, so that an expert finds its tokens side by side. Items:
/// distinct experts; one that has a single token reads that token's input where it is.
/// </summary>
internal sealed unsafe class GatherByExpertOperation(
    PlanOperation plan,
    ExpertAssignment assignment,
    long mostDistinct,
    CpuBuffer input,
    CpuBuffer gathered
) : CpuOperation(plan, mostDistinct, 1)
{
    protected override void Execute(int worker, long first, long end)
    {
        if (first >= assignment.Distinct || assignment.Rows((int)first) == 1)
        {
            return;
        }

        int row = assignment.FirstRow((int)first);
        for (int i = 0; i < assignment.Rows((int)first); i++, row++)
        {
            long bytes = input.Length * sizeof(float);
            Buffer.MemoryCopy(input.Row(assignment.Sequence(row)), gathered.Row(row), bytes, bytes);
        }
    }
}
