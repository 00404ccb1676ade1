using System.Text;
using System.Text.Json;

namespace GpuDecodeBench.Reporting.Rendering;

/// <summary>
/// Tables as JSON Lines: an object a row, each on a line of its own, with the table's title as <c>table</c> before the columns unless
/// it is not wanted. Captions are left out.
/// </summary>
public static class JsonLinesRenderer
{
    /// <summary>Writes the rows; lines end with LF.</summary>
    /// <param name="tables">The tables.</param>
    /// <param name="output">Where it goes.</param>
    /// <param name="withTitles">Whether each line says of which table it is.</param>
    public static void Render(IReadOnlyList<ResultTable> tables, TextWriter output, bool withTitles = true)
    {
        ArgumentNullException.ThrowIfNull(tables);
        ArgumentNullException.ThrowIfNull(output);
        using var buffer = new MemoryStream();
        foreach (ResultTable table in tables)
        {
            foreach (IReadOnlyList<ResultCell> row in table.Rows)
            {
                buffer.SetLength(0);
                using (var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JsonCells.Encoder }))
                {
                    writer.WriteStartObject();
                    if (withTitles)
                    {
                        writer.WriteString("table", table.Title);
                    }

                    JsonCells.WriteProperties(writer, table, row);
                    writer.WriteEndObject();
                }

                output.Write(Encoding.UTF8.GetString(buffer.GetBuffer(), 0, (int)buffer.Length));
                output.Write('\n');
            }
        }
    }
}
