using System.Text.Json;
using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Rendering;
using GpuDecodeBench.Reporting.Tables;

namespace GpuDecodeBench.Reporting.Tests;

public class JsonRendererTests
{
    [Fact]
    public void NumbersAreNumbersTruthsAreTruthsAndWhatIsMissingIsNull()
    {
        RunRecord record = TestRuns.Nasty();
        ResultTable table = RunTable.From(record, RecordCost.All(record));
        using JsonDocument document = Render(table);
        JsonElement row = document.RootElement[0].GetProperty("rows")[0];
        Assert.Equal(record.Model.Name, row.GetProperty("model").GetString());
        Assert.Equal(record.Points[0].TokensPerSecond, row.GetProperty("tokensPerSecond").GetDouble());
        Assert.Equal(JsonValueKind.True, row.GetProperty("valid").ValueKind);
        Assert.Equal(JsonValueKind.Null, row.GetProperty("usdPerMillionTokens").ValueKind);
        Assert.Equal(table.Captions.Count, document.RootElement[0].GetProperty("notes").GetArrayLength());
    }

    [Fact]
    public void EveryColumnOfEveryRowIsThere()
    {
        RunRecord record = TestRuns.Mixed();
        ResultTable table = RunTable.From(record, RecordCost.All(record));
        using JsonDocument document = Render(table);
        foreach (JsonElement row in document.RootElement[0].GetProperty("rows").EnumerateArray())
        {
            Assert.Equal(
                table.Columns.Where(column => !column.TerminalOnly).Select(column => column.CsvName),
                row.EnumerateObject().Select(property => property.Name)
            );
        }
    }

    private static JsonDocument Render(ResultTable table)
    {
        using var output = new StringWriter();
        JsonRenderer.Render([table], output);
        return JsonDocument.Parse(output.ToString());
    }
}
