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
        // CSV is one table: how kernels were chosen is in the record and in roofline's.
        Tables(TuningTable.From(record) is { } tuning && format != OutputFormat.Csv ? [run, tuning] : [run], format);
        if (format != OutputFormat.Csv)
        {
            context.Output.WriteLine();
            context.Output.WriteLine(TextWrapping.Wrap(RunSummary.Write(record, costs), Width()));
        }
    }

    /// <summary>One table.</summary>
    public void Table(ResultTable table, OutputFormat format) => Tables([table], format);

    /// <summary>Several tables.</summary>
    public void Tables(IReadOnlyList<ResultTable> tables, OutputFormat format)
    {
        if (format == OutputFormat.Json)
        {
            JsonRenderer.Render(tables, context.Output);
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
                case OutputFormat.Csv:
                    CsvRenderer.Render(tables[i], context.Output);
                    break;
                case OutputFormat.Md:
                    MarkdownRenderer.Render(tables[i], context.Output);
                    break;
                default:
                    TableRenderer.Render(tables[i], Terminal());
                    break;
            }
        }
    }

    private int Width() => context.OutputIsTerminal ? Math.Max(40, Console.WindowWidth) : UnlimitedWidth;

    private IAnsiConsole Terminal()
    {
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Out = new AnsiConsoleOutput(context.Output),
                Ansi = context.OutputIsTerminal ? AnsiSupport.Detect : AnsiSupport.No,
                ColorSystem = context.OutputIsTerminal ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No,
            }
        );
        console.Profile.Width = Width();
        return console;
    }
}
