using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Measurement.Comparison;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>What <c>compare</c> is asked for.</summary>
/// <param name="Paths">Records and folders; the first is the baseline.</param>
/// <param name="By">The condition whose values are compared within the records; null for the records with one another.</param>
/// <param name="History">Whether all runs are shown over time instead.</param>
/// <param name="Operations">Whether single operations are compared instead of steps.</param>
/// <param name="Options">How points are compared.</param>
/// <param name="FailFraction">By how much a point may be slower; null where none is judged.</param>
/// <param name="Format">How the result is printed.</param>
internal sealed record CompareRequest(
    IReadOnlyList<string> Paths,
    FormatCondition? By,
    bool History,
    bool Operations,
    ComparisonOptions Options,
    double? FailFraction,
    OutputFormat Format
);
