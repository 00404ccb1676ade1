namespace GpuDecodeBench.Reporting.Rendering;

/// <summary>Tables as RFC 4180: CRLF between records, quotes where a field needs them, exact culture-free values. Captions are left out.</summary>
public static class CsvRenderer
{
    private const string EndOfLine = "\r\n";

    /// <summary>Writes a header of machine names and every row's exact values.</summary>
    /// <param name="table">The table.</param>
    /// <param name="output">Where it goes.</param>
    public static void Render(ResultTable table, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(output);
        int[] kept = [.. Enumerable.Range(0, table.Columns.Count).Where(i => !table.Columns[i].TerminalOnly)];
        WriteRecord(kept.Select(i => table.Columns[i].CsvName), output);
        foreach (IReadOnlyList<ResultCell> row in table.Rows)
        {
            WriteRecord(kept.Select(i => row[i].Exact), output);
        }
    }

    private static void WriteRecord(IEnumerable<string> fields, TextWriter output)
    {
        output.Write(string.Join(',', fields.Select(Field)));
        output.Write(EndOfLine);
    }

    private static string Field(string text) =>
        text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
