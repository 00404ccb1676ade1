using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GpuDecodeBench.Reporting.Rendering;

/// <summary>
/// Tables as one JSON document: an array with an object for each table, its rows as objects under the machine names of the
/// columns. Numbers are numbers, a value that is not there is null.
/// </summary>
public static class JsonRenderer
{
    /// <summary>Writes the document.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="output">Where it goes.</param>
    public static void Render(IReadOnlyList<ResultTable> tables, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(output);
        using var buffer = new MemoryStream();
        var options = new JsonWriterOptions
        {
            Indented = true,
            NewLine = "\n",
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
        };
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            writer.WriteStartArray();
            foreach (ResultTable table in tables)
            {
                WriteTable(writer, table);
            }

            writer.WriteEndArray();
        }

        output.Write(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
        output.Write('\n');
    }

    private static void WriteTable(Utf8JsonWriter writer, ResultTable table)
    {
        writer.WriteStartObject();
        writer.WriteString("title", table.Title);
        writer.WriteStartArray("rows");
        foreach (IReadOnlyList<ResultCell> row in table.Rows)
        {
            writer.WriteStartObject();
            for (int i = 0; i < row.Count; i++)
            {
                WriteCell(writer, table.Columns[i], row[i]);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("notes");
        foreach (string caption in table.Captions)
        {
            writer.WriteStringValue(caption);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteCell(Utf8JsonWriter writer, ResultColumn column, ResultCell cell)
    {
        writer.WritePropertyName(column.CsvName);
        if (cell.Exact.Length == 0)
        {
            writer.WriteNullValue();
        }
        else if (column.Alignment == ColumnAlignment.Right && IsNumber(cell.Exact))
        {
            // The exact text is the shortest that gives the number back: it is written as it stands.
            writer.WriteRawValue(cell.Exact);
        }
        else if (cell.Exact is "true" or "false")
        {
            writer.WriteBooleanValue(cell.Exact == "true");
        }
        else
        {
            writer.WriteStringValue(cell.Exact);
        }
    }

    private static bool IsNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double value)
        && double.IsFinite(value);
}
