using System.Collections.Immutable;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Workload.Models.HuggingFace;

/// <summary>One tensor of a checkpoint: slices of the plan's tensors, one after the other.</summary>
/// <param name="Name">Its name on the Hub.</param>
/// <param name="Shape">Its shape on the Hub.</param>
/// <param name="Slices">Its elements, row-major.</param>
internal sealed record CheckpointTensor(string Name, ImmutableArray<long> Shape, ImmutableArray<CheckpointSlice> Slices)
{
    /// <summary>A plan's tensor as it is: a vector of its columns, or a matrix.</summary>
    public static CheckpointTensor Whole(string name, WeightTensor source, double offset = 0) =>
        new(
            name,
            source.IsVector ? [source.Layout.Columns] : [source.Layout.Rows, source.Layout.Columns],
            [CheckpointSlice.Whole(source) with { Offset = offset }]
        );

    /// <summary>
    /// A plan's tensor that stacks several on top of each other, in order: rows of a matrix, or elements of a vector such as a
    /// bias.
    /// </summary>
    public static IEnumerable<CheckpointTensor> Stacked(WeightTensor source, params (string Name, long Rows)[] parts) =>
        StackedIn(source, 0, parts);

    /// <summary>Gate and up projections, or their biases: two tensors on the Hub.</summary>
    public static IEnumerable<CheckpointTensor> Halves(WeightTensor source, string first, string second)
    {
        long rows = (source.IsVector ? source.Layout.Columns : source.Layout.Rows) / 2;
        return Stacked(source, (first, rows), (second, rows));
    }

    /// <summary>The gate and up projections of every expert, two tensors an expert on the Hub.</summary>
    /// <param name="source">The plan's tensor, a matrix an expert.</param>
    /// <param name="gate">The name of an expert's gate projection, by the expert's number.</param>
    /// <param name="up">That of its up projection.</param>
    public static IEnumerable<CheckpointTensor> ExpertHalves(
        WeightTensor source,
        Func<int, string> gate,
        Func<int, string> up
    )
    {
        long rows = source.Layout.Rows / 2;
        return Enumerable
            .Range(0, source.Count)
            .SelectMany(expert => StackedIn(source, expert, (gate(expert), rows), (up(expert), rows)));
    }

    /// <summary>A matrix of every expert, a tensor each on the Hub.</summary>
    public static IEnumerable<CheckpointTensor> Experts(WeightTensor source, Func<int, string> name) =>
        Enumerable
            .Range(0, source.Count)
            .Select(expert => new CheckpointTensor(
                name(expert),
                [source.Layout.Rows, source.Layout.Columns],
                [CheckpointSlice.Whole(source, expert)]
            ));

    /// <summary>The matrices, or vectors, of all experts as one tensor.</summary>
    /// <param name="name">The name on the Hub.</param>
    /// <param name="source">The plan's tensor, a matrix an expert.</param>
    /// <param name="layout">How the Hub has an expert's matrix.</param>
    public static CheckpointTensor AllExperts(
        string name,
        WeightTensor source,
        Func<CheckpointSlice, CheckpointSlice> layout
    ) =>
        new(
            name,
            source.IsVector
                ? [source.Count, source.Layout.Columns]
                : [source.Count, source.Layout.Columns, source.Layout.Rows],
            [.. Enumerable.Range(0, source.Count).Select(expert => layout(CheckpointSlice.Whole(source, expert)))]
        );

    private static IEnumerable<CheckpointTensor> StackedIn(
        WeightTensor source,
        int matrix,
        params (string Name, long Rows)[] parts
    )
    {
        long width = source.IsVector ? 1 : source.Layout.Columns;
        long first = 0;
        foreach ((string name, long rows) in parts)
        {
            yield return new CheckpointTensor(
                name,
                source.IsVector ? [rows] : [rows, width],
                [new CheckpointSlice(source, matrix, first * width, rows * width)]
            );
            first += rows;
        }
    }
}
