using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting;
using GpuDecodeBench.Reporting.Rendering;
using GpuDecodeBench.Reporting.Tables;
using Spectre.Console;

namespace GpuDecodeBench.Cli.Output;

/// <summary>Prints results on standard output in the form asked for.</summary>
internal sealed class ResultPrinter(CommandContext context)
{
    /// <summary>The width of tables that go to a file or a pipe, where no terminal gives one.</summary>
    private const int UnlimitedWidth = 200;

    /// <summary>A run: the table with its conditions, and a paragraph in words; or the record itself as JSON.</summary>
    public void Run(RunRecord record, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            context.Output.Write(System.Text.Encoding.UTF8.GetString(RunRecordStore.Serialize(record, "the result")));
            return;
        }

        IReadOnlyList<CostResult> costs = RecordCost.All(record);
        ResultTable run = RunTable.From(record, costs);
        // Rows for machines are of one table: how kernels were chosen is in the record and in roofline's.
        bool isForPeople = format is OutputFormat.Table or OutputFormat.Md;
        Tables(isForPeople && TuningTable.From(record) is { } tuning ? [run, tuning] : [run], format);
        if (isForPeople)
        {
            context.Output.WriteLine();
            context.Output.WriteLine(TextWrapping.Wrap(RunSummary.Write(record, costs), Width()));
        }
    }

    /// <summary>A run under the column names of llama-bench; in JSON and JSON Lines as that program prints them, rows alone.</summary>
    public void LlamaBench(RunRecord record, OutputFormat format)
    {
        var table = LlamaBenchTable.From(record);
        switch (format)
        {
            case OutputFormat.Json:
                JsonRenderer.RenderRows(table, context.Output);
                break;
            case OutputFormat.Jsonl:
                JsonLinesRenderer.Render([table], context.Output, withTitles: false);
                break;
            default:
                Table(table, format);
                break;
        }
    }

    /// <summary>One table.</summary>
    public void Table(ResultTable table, OutputFormat format) => Tables([table], format);

    /// <summary>Several tables. Rows for machines stand under one header, or in one stream, and say of which table they are.</summary>
    public void Tables(IReadOnlyList<ResultTable> tables, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            JsonRenderer.Render(tables, context.Output);
            return;
        }

        if (format == OutputFormat.Jsonl)
        {
            JsonLinesRenderer.Render(tables, context.Output);
            return;
        }

        if (format == OutputFormat.Csv)
        {
            CsvRenderer.Render(tables, context.Output);
            return;
        }

        for (int i = 0; i < tables.Count; i++)
        {
            if (i > 0)
            {
                context.Output.WriteLine();
            }

            switch (format)
            {
                case OutputFormat.Md:
                    MarkdownRenderer.Render(tables[i], context.Output);
                    break;
                default:
                    TableRenderer.Render(tables[i], Terminal());
                    break;
            }
        }
    }

    private int Width() =>
        context.OutputIsTerminal ? Math.Max(40, context.TerminalColumns ?? Console.WindowWidth) : UnlimitedWidth;

    private IAnsiConsole Terminal()
    {
        bool styles = context.OutputIsTerminal && context.UsesStyles;
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(context.Output),
                Ansi = styles ? AnsiSupport.Detect : AnsiSupport.No,
                ColorSystem = styles ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No,
            }
        );
        console.Profile.Width = Width();
        return console;
    }
}
