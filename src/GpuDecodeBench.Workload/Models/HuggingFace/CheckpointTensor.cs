using System.Collections.Immutable;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>One tensor of a checkpoint: a run of elements of one of the plan's tensors.</summary>
/// <param name="Name">Its name on the Hub.</param>
/// <param name="Shape">Its shape on the Hub.</param>
/// <param name="Source">The plan's tensor that holds its elements.</param>
/// <param name="FirstElement">Where they begin, row-major: whole rows of a matrix, any part of a vector.</param>
internal sealed record CheckpointTensor(
    string Name,
    ImmutableArray<long> Shape,
    WeightTensor Source,
    long FirstElement = 0
)
{
    /// <summary>How many elements.</summary>
    public long Elements => Shape.Aggregate(1L, (product, dimension) => product * dimension);

    /// <summary>A plan's tensor as it is: a vector of its columns, or a matrix.</summary>
    public static CheckpointTensor Whole(string name, WeightTensor source) =>
        new(name, source.IsVector ? [source.Layout.Columns] : [source.Layout.Rows, source.Layout.Columns], source);

    /// <summary>
    /// A plan's tensor that stacks several on top of each other, in order: rows of a matrix, or elements of a vector such as a
    /// bias.
    /// </summary>
    public static IEnumerable<CheckpointTensor> Stacked(WeightTensor source, params (string Name, long Rows)[] parts)
    {
        long width = source.IsVector ? 1 : source.Layout.Columns;
        long first = 0;
        foreach ((string name, long rows) in parts)
        {
            yield return new CheckpointTensor(name, source.IsVector ? [rows] : [rows, width], source, first * width);
            first += rows;
        }
    }
}
