using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>
/// A run of elements of one matrix of a plan's tensor, and how a checkpoint's layout differs from the plan's: what stands in the
/// checkpoint one after the other is a sequence of these.
/// </summary>
/// <param name="Source">The plan's tensor.</param>
/// <param name="Matrix">Which of its matrices, from 0.</param>
/// <param name="FirstElement">Where the run begins, row-major: whole rows of a matrix, any part of a vector.</param>
/// <param name="Elements">How many elements.</param>
internal sealed record CheckpointSlice(WeightTensor Source, int Matrix, long FirstElement, long Elements)
{
    /// <summary>Whether the checkpoint has columns where the plan has rows. The slice is then a whole matrix.</summary>
    public bool Transposed { get; init; }

    /// <summary>
    /// Whether the first and the second half of the rows (a vector's elements) take turns in the checkpoint. Of matrices only
    /// transposed ones are.
    /// </summary>
    public bool Interleaved { get; init; }

    /// <summary>What the checkpoint's numbers are more than the plan's.</summary>
    public double Offset { get; init; }

    /// <summary>One matrix, or vector, as a whole.</summary>
    public static CheckpointSlice Whole(WeightTensor source, int matrix = 0) =>
        new(source, matrix, 0, source.Layout.Rows * source.Layout.Columns);

    /// <summary>Where the checkpoint has the element of a vector, or the row of a transposed matrix, that the plan has here.</summary>
    /// <param name="place">The place in the plan.</param>
    /// <param name="count">How many there are.</param>
    public long PlaceOf(long place, long count)
    {
        long half = count / 2;
        return !Interleaved ? place
            : place < half ? 2 * place
            : (2 * (place - half)) + 1;
    }
}
