namespace GpuDecodeBench.Backends.Cpu.Operations;

/// <summary>Where experts find their tokens' inputs.</summary>
/// <param name="byExpert">The inputs in the order of the assignment.</param>
/// <param name="bySequence">
/// The inputs by sequence, where those of experts with a single token are not copied; null where all are in order.
/// </param>
internal sealed unsafe class ExpertInput(CpuBuffer byExpert, CpuBuffer? bySequence)
{
    /// <summary>Floats from one row to the next.</summary>
    public int Stride => byExpert.Stride;

    /// <summary>The rows of one of the experts that have a token.</summary>
    public float* Rows(ExpertAssignment assignment, int index)
    {
        int row = assignment.FirstRow(index);
        return bySequence is not null && assignment.Rows(index) == 1
            ? bySequence.Row(assignment.Sequence(row))
            : byExpert.Row(row);
    }
}
