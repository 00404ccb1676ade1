using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace GpuDecodeBench.Reporting.Rendering;

/// <summary>Rows as JSON objects, in one way for every form of JSON. Numbers are numbers, a value that is not there is null.</summary>
internal static class JsonCells
{
    /// <summary>Text as it is: nothing here is put into HTML.</summary>
    public static JavaScriptEncoder Encoder => JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>Writes a row's cells as properties under the machine names of the columns.</summary>
    public static void WriteProperties(Utf8JsonWriter writer, ResultTable table, IReadOnlyList<ResultCell> row)
    {
        for (int i = 0; i < row.Count; i++)
        {
            if (!table.Columns[i].TerminalOnly)
            {
                writer.WritePropertyName(table.Columns[i].CsvName);
                WriteValue(writer, table.Columns[i], row[i]);
            }
        }
    }

    private static void WriteValue(Utf8JsonWriter writer, ResultColumn column, ResultCell cell)
    {
        if (cell.Exact.Length == 0)
        {
            writer.WriteNullValue();
        }
        else if (column.Alignment == ColumnAlignment.Right && IsNumber(cell.Exact))
        {
            // The exact text is the shortest that gives the number back: it is written as it stands.
            writer.WriteRawValue(cell.Exact);
        }
        else if (column.IsNumberList)
        {
            writer.WriteRawValue($"[{cell.Exact.Replace(' ', ',')}]");
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
