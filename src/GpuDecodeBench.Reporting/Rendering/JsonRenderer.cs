using System.Text;
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
        WriteArray(
            output,
            writer =>
            {
                foreach (ResultTable table in tables)
                {
                    WriteTable(writer, table);
                }
            }
        );
    }

    /// <summary>Writes a table's rows alone, as an array of objects.</summary>
    /// <param name="table">The table.</param>
    /// <param name="output">Where it goes.</param>
    public static void RenderRows(ResultTable table, TextWriter output)
    {
        ArgumentNullException.ThrowIfNull(table);
        WriteArray(output, writer => WriteRows(writer, table));
    }

    private static void WriteArray(TextWriter output, Action<Utf8JsonWriter> writeItems)
    {
        ArgumentNullException.ThrowIfNull(output);
        using var buffer = new MemoryStream();
        var options = new JsonWriterOptions
        {
            Indented = true,
            NewLine = "\n",
            Encoder = JsonCells.Encoder,
        };
        using (var writer = new Utf8JsonWriter(buffer, options))
        {
            writer.WriteStartArray();
            writeItems(writer);
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
        WriteRows(writer, table);
        writer.WriteEndArray();
        writer.WriteStartArray("notes");
        foreach (string caption in table.Captions)
        {
            writer.WriteStringValue(caption);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteRows(Utf8JsonWriter writer, ResultTable table)
    {
        foreach (IReadOnlyList<ResultCell> row in table.Rows)
        {
            writer.WriteStartObject();
            JsonCells.WriteProperties(writer, table, row);
            writer.WriteEndObject();
        }
    }
}
