namespace GpuDecodeBench.Reporting.Rendering;

/// <summary>
/// Tables as RFC 4180: CRLF between records, quotes where a field needs them, exact culture-free values, and one header, whatever is
/// written. Captions are left out.
/// </summary>
public static class CsvRenderer
{
    private const string EndOfLine = "\r\n";

    /// <summary>The column that says of which table a row is, where there are several; <see cref="JsonLinesRenderer"/> has the same.</summary>
    private const string TableColumn = "table";

    /// <summary>Writes a header of machine names and every row's exact values.</summary>
    /// <param name="table">The table.</param>
    /// <param name="output">Where it goes.</param>
    public static void Render(ResultTable table, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(table);
        ArgumentNullException.ThrowIfNull(output);
        WriteRecord(ColumnsOf(table).Select(column => column.Name), output);
        foreach (IReadOnlyList<ResultCell> row in table.Rows)
        {
            WriteRecord(ColumnsOf(table).Select(column => row[column.Index].Exact), output);
        }
    }

    /// <summary>
    /// Writes several tables under one header: a column <c>table</c> with each row's title, then the columns of all tables in the order in
    /// which they come up, those of one name as one. What a table does not have is empty. A single table is written as it is.
    /// </summary>
    /// <param name="tables">The tables.</param>
    /// <param name="output">Where they go.</param>
    public static void Render(IReadOnlyList<ResultTable> tables, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(output);
        if (tables.Count == 1)
        {
            Render(tables[0], output);
            return;
        }

        string[] names = [.. tables.SelectMany(ColumnsOf).Select(column => column.Name).Distinct()];
        WriteRecord(names.Prepend(TableColumn), output);
        foreach (ResultTable table in tables)
        {
            Dictionary<string, int> own = ColumnsOf(table).ToDictionary(column => column.Name, column => column.Index);
            foreach (IReadOnlyList<ResultCell> row in table.Rows)
            {
                WriteRecord(
                    names
                        .Select(name => own.TryGetValue(name, out int index) ? row[index].Exact : "")
                        .Prepend(table.Title),
                    output
                );
            }
        }
    }

    private static IEnumerable<(string Name, int Index)> ColumnsOf(ResultTable table) =>
        table
            .Columns.Select((column, index) => (Column: column, Index: index))
            .Where(one => !one.Column.TerminalOnly)
            .Select(one => (one.Column.CsvName, one.Index));

    private static void WriteRecord(IEnumerable<string> fields, TextWriter output)
    {
        output.Write(string.Join(',', fields.Select(Field)));
        output.Write(EndOfLine);
    }

    private static string Field(string text) =>
        text.AsSpan().IndexOfAny("\",\r\n") < 0 ? text : $"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";
}
