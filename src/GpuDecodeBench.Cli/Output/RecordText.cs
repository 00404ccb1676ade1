using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting;
using GpuDecodeBench.Reporting.Html;
using GpuDecodeBench.Reporting.Rendering;
using GpuDecodeBench.Reporting.Tables;

namespace GpuDecodeBench.Cli.Output;

/// <summary>Run records as Markdown or CSV, made of the same tables as everything else.</summary>
internal static class RecordText
{
    /// <summary>For each run its summary, its table, and the roofline of its fastest point.</summary>
    public static string Markdown(IReadOnlyList<ReportInput> inputs, ReportOptions options)
    {
        using var text = new StringWriter();
        foreach (ReportInput input in inputs)
        {
            RunRecord record = input.Record;
            IReadOnlyList<CostResult> costs = RecordCost.All(record, options.Cost);
            text.Write($"{MarkdownRenderer.Escape(RunSummary.Write(record, costs))}\n\n");
            MarkdownRenderer.Render(RunTable.From(record, costs), text);
            PointRecord? best = record.Points.Where(point => point.Valid).MaxBy(point => point.TokensPerSecond);
            if (best is not null)
            {
                text.Write('\n');
                MarkdownRenderer.Render(RooflineTable.From(RooflineComparison.Of(record, best)), text);
            }

            text.Write('\n');
        }

        return text.ToString();
    }

    /// <summary>The tables of all runs under one header: their columns are the same.</summary>
    public static string Csv(IReadOnlyList<ReportInput> inputs, ReportOptions options)
    {
        ResultTable[] tables =
        [
            .. inputs.Select(input => RunTable.From(input.Record, RecordCost.All(input.Record, options.Cost))),
        ];
        using var text = new StringWriter();
        CsvRenderer.Render(
            new ResultTable(tables[0].Title, tables[0].Columns, [.. tables.SelectMany(table => table.Rows)], []),
            text
        );
        return text.ToString();
    }
}
