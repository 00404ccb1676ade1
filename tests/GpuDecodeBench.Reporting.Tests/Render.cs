using GpuDecodeBench.Reporting.Rendering;
using Spectre.Console;

namespace GpuDecodeBench.Reporting.Tests;

/// <summary>Tables as text in each format.</summary>
internal static class Render
{
    public static string Table(ResultTable table, int width = 80, bool colour = false)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        IAnsiConsole console = AnsiConsole.Create(
            new AnsiConsoleSettings
            {
                Ansi = colour ? AnsiSupport.Yes : AnsiSupport.No,
                ColorSystem = colour ? ColorSystemSupport.TrueColor : ColorSystemSupport.NoColors,
                Interactive = InteractionSupport.No,
                Out = new AnsiConsoleOutput(writer),
            }
        );
        console.Profile.Width = width;
        console.Profile.Capabilities.Unicode = true;
        TableRenderer.Render(table, console);
        return writer.ToString();
    }

    public static string Csv(ResultTable table)
    {
        using var writer = new StringWriter();
        CsvRenderer.Render(table, writer);
        return writer.ToString();
    }

    public static string Markdown(ResultTable table)
    {
        using var writer = new StringWriter();
        MarkdownRenderer.Render(table, writer);
        return writer.ToString();
    }

    public static string Json(ResultTable table)
    {
        using var writer = new StringWriter();
        JsonRenderer.Render([table], writer);
        return writer.ToString();
    }

    public static string JsonLines(ResultTable table)
    {
        using var writer = new StringWriter();
        JsonLinesRenderer.Render([table], writer);
        return writer.ToString();
    }
}
