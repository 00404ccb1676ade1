using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Measurement.Comparison;
using GpuDecodeBench.Reporting;
using GpuDecodeBench.Reporting.Tables;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Commands;

/// <summary>Shows comparisons and histories as tables.</summary>
internal sealed class CompareView(CommandContext context)
{
    /// <summary>Shows a comparison.</summary>
    /// <param name="title">The table's title.</param>
    /// <param name="sides">The sides.</param>
    /// <param name="result">What came out.</param>
    /// <param name="format">How it is printed.</param>
    public void Comparison(string title, ComparisonSide[] sides, ComparisonResult result, OutputFormat format)
    {
        // Within one side the formats tell the rows apart.
        ComparisonRow[] rows =
        [
            .. result
                .Points.Select(ComparisonRows.Of)
                .Select(row => sides.Length == 1 ? row with { Against = sides[0].Name } : row),
        ];
        IReadOnlyList<string> captions = ComparisonCaptions.Of(
            Sources(sides),
            rows,
            [.. result.WithoutCounterpart.Select(one => (one.Side, one.Conditions.ToString()))]
        );
        new ResultPrinter(context).Table(ComparisonTable.From(title, rows, captions), format);
    }

    /// <summary>Shows single operations.</summary>
    /// <param name="sides">The sides.</param>
    /// <param name="result">What came out.</param>
    /// <param name="format">How it is printed.</param>
    public void Operations(ComparisonSide[] sides, OperationComparisonResult result, OutputFormat format) =>
        new ResultPrinter(context).Table(
            OperationComparisonTable.From(
                Sources(sides),
                [.. result.Operations.Select(ComparisonRows.Of)],
                [.. result.WithoutCounterpart.Select(one => (one.Side, one.Conditions.ToString()))],
                [.. result.Untimed.Select(one => (one.Side, one.Conditions.ToString()))]
            ),
            format
        );

    /// <summary>Shows all runs over time.</summary>
    /// <param name="runs">The runs.</param>
    /// <param name="format">How they are printed.</param>
    /// <exception cref="InputException">No configuration was measured twice.</exception>
    public void History(IReadOnlyList<ComparisonRun> runs, OutputFormat format)
    {
        IReadOnlyList<HistoryLine> lines = RunHistory.Of(runs);
        HistoryLine[] repeated = [.. lines.Where(line => line.Entries.Count > 1)];
        if (repeated.Length == 0)
        {
            throw new InputException(
                $"No configuration was measured validly in two of the {runs.Count} runs, so that there is no history to show."
            );
        }

        new ResultPrinter(context).Table(
            HistoryTable.From([.. repeated.Select(ComparisonRows.Of)], [.. ComparisonRows.Notes(repeated, lines)]),
            format
        );
    }

    private static ComparisonSource[] Sources(ComparisonSide[] sides) =>
        [.. sides.Select(side => new ComparisonSource(side.Name, [.. side.Runs.Select(run => run.Record)]))];
}
