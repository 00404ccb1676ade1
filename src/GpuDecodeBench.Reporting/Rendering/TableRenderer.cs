using Spectre.Console;
using Spectre.Console.Rendering;

namespace GpuDecodeBench.Reporting.Rendering;

/// <summary>
/// Tables for a terminal. Where the width does not suffice, columns are left out in the fixed order of
/// <see cref="ResultColumn.DropOrder"/>, and a line says which. Text is never taken for markup; a console without colour gets none.
/// </summary>
public static class TableRenderer
{
    /// <summary>The border's and padding's width for each column.</summary>
    private const int ColumnFrame = 3;

    /// <summary>The border's width at the ends.</summary>
    private const int TableFrame = 1;

    /// <summary>Writes title, table and captions.</summary>
    /// <param name="table">The table.</param>
    /// <param name="console">Where it goes; its width is what the table must fit.</param>
    public static void Render(ResultTable table, IAnsiConsole console)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(console);
        int width = console.Profile.Width;
        WriteLine(console, table.Title, new Style(decoration: Decoration.Bold));
        if (table.Rows.Count > 0)
        {
            (List<int> shown, List<int> dropped) = Fit(table, console, width);
            console.Write(Build(table, shown));
            // A drawing says nothing that another column does not.
            string[] names =
            [
                .. dropped
                    .Order()
                    .Select(i => table.Columns[i])
                    .Where(column => !column.TerminalOnly)
                    .Select(column => column.Title),
            ];
            if (names.Length > 0)
            {
                WriteLine(console, $"Left out to fit {width} columns: {string.Join(", ", names)}.", Style.Plain);
            }
        }

        foreach (string caption in table.Captions)
        {
            WriteLine(console, caption, Style.Plain);
        }
    }

    private static (List<int> Shown, List<int> Dropped) Fit(ResultTable table, IAnsiConsole console, int width)
    {
        List<int> shown = [.. Enumerable.Range(0, table.Columns.Count).Where(i => !table.Columns[i].MachineOnly)];
        int[] widths = [.. table.Columns.Select((_, i) => WidthOf(table, i, console))];
        List<int> dropped = [];
        while (shown.Sum(i => widths[i] + ColumnFrame) + TableFrame > width)
        {
            int next = shown.Max(i => table.Columns[i].DropOrder);
            if (next == 0)
            {
                break;
            }

            int last = shown.FindLastIndex(i => table.Columns[i].DropOrder == next);
            dropped.Add(shown[last]);
            shown.RemoveAt(last);
        }

        return (shown, dropped);
    }

    private static int WidthOf(ResultTable table, int column, IAnsiConsole console)
    {
        IEnumerable<string> texts = table.Rows.Select(row => SafeText.OneLine(row[column].Text));
        return texts.Append(Header(table.Columns[column])).Max(text => Measure(text, console));
    }

    private static int Measure(string text, IAnsiConsole console)
    {
        IRenderable words = new Text(text);
        return words.Measure(RenderOptions.Create(console), int.MaxValue).Max;
    }

    private static Table Build(ResultTable table, List<int> shown)
    {
        Table built = new Table().Border(TableBorder.Square);
        foreach (int i in shown)
        {
            ResultColumn column = table.Columns[i];
            Justify side = column.Alignment == ColumnAlignment.Right ? Justify.Right : Justify.Left;
            var header = new Text(Header(column), new Style(decoration: Decoration.Bold));
            built.AddColumn(new TableColumn(header) { Alignment = side });
        }

        foreach (IReadOnlyList<ResultCell> row in table.Rows)
        {
            built.AddRow(shown.Select(i => new Text(SafeText.OneLine(row[i].Text))));
        }

        return built;
    }

    /// <summary>Header and unit in two lines.</summary>
    private static string Header(ResultColumn column) =>
        column.Unit is null ? column.Header : $"{column.Header}\n{column.Unit}";

    private static void WriteLine(IAnsiConsole console, string text, Style style)
    {
        console.Write(new Text(SafeText.OneLine(text), style));
        console.WriteLine();
    }
}
