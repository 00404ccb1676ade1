using System.Text;

namespace GpuDecodeBench.Reporting.Rendering;

/// <summary>Tables as GitHub-flavoured Markdown, with the captions as a list. Nothing in the text is taken for Markdown or HTML.</summary>
public static class MarkdownRenderer
{
    private const string Special = "\\`*{}[]<>#|~&!";

    /// <summary>Writes title, table and captions; lines end with LF.</summary>
    /// <param name="table">The table.</param>
    /// <param name="output">Where it goes.</param>
    public static void Render(ResultTable table, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(output);
        int[] shown =
        [
            .. Enumerable
                .Range(0, table.Columns.Count)
                .Where(i => !table.Columns[i].MachineOnly && !table.Columns[i].TerminalOnly),
        ];
        output.Write($"### {Escape(table.Title)}\n\n");
        WriteRow(shown.Select(i => Escape(table.Columns[i].Title)), output);
        WriteRow(shown.Select(i => table.Columns[i].Alignment == ColumnAlignment.Right ? "---:" : "---"), output);
        foreach (IReadOnlyList<ResultCell> row in table.Rows)
        {
            WriteRow(shown.Select(i => Escape(row[i].Text)), output);
        }

        if (table.Captions.Count > 0)
        {
            output.Write('\n');
        }

        foreach (string caption in table.Captions)
        {
            output.Write($"- {Escape(caption)}\n");
        }
    }

    /// <summary>Text that Markdown shows as it is, on one line.</summary>
    /// <param name="text">Any text.</param>
    public static string Escape(string text)
    {
        var escaped = new StringBuilder(text.Length + 8);
        string line = SafeText.OneLine(text);
        for (int i = 0; i < line.Length; i++)
        {
            char c = line[i];
            // Entities for what HTML reads, a backslash for what Markdown reads.
            _ = c switch
            {
                '<' => escaped.Append("&lt;"),
                '>' => escaped.Append("&gt;"),
                '&' => escaped.Append("&amp;"),
                '_' when !IsInsideWord(line, i) => escaped.Append("\\_"),
                _ when Special.Contains(c, StringComparison.Ordinal) => escaped.Append('\\').Append(c),
                _ => escaped.Append(c),
            };
        }

        return escaped.ToString();
    }

    /// <summary>An underscore inside a word is no emphasis, and a backslash before it would break a bare address.</summary>
    private static bool IsInsideWord(string line, int index) =>
        index > 0
        && index < line.Length - 1
        && char.IsLetterOrDigit(line[index - 1])
        && char.IsLetterOrDigit(line[index + 1]);

    private static void WriteRow(IEnumerable<string> cells, TextWriter output) =>
        output.Write($"| {string.Join(" | ", cells)} |\n");
}
