using System.IO.Compression;
using System.Text;
using System.Text.Json;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Rendering;
using GpuDecodeBench.Reporting.Tables;

namespace GpuDecodeBench.Reporting.Html.Sections;

/// <summary>
/// The record and its table to take away, compressed in the page itself. Where scripts run they are unpacked before they are saved;
/// without scripts the links save the compressed files.
/// </summary>
internal sealed class DataSection : IReportSection
{
    /// <summary>Time lines are half of a compressed record; with more configurations than this they would be half of the page.</summary>
    private const int MostWithTimeLines = 60;

    public string Id => "data";

    public string Heading => "Data";

    public string ShortHeading => "Data";

    public void Write(HtmlWriter html, ReportRun run)
    {
        string name = Path.GetFileNameWithoutExtension(run.Name);
        using var csv = new StringWriter();
        CsvRenderer.Render(RunTable.From(run.Record, run.Costs), csv);
        html.Paragraph(
            "Everything in this page is made of these files, which it carries. The record goes into any command of gpu-decode-bench that reads one."
        );
        html.Open("ul", ("class", "downloads"));
        bool isLarge = run.Record.Points.Count > MostWithTimeLines;
        Link(
            html,
            $"{name}.json",
            "application/json",
            isLarge
                ? "the run record, with every sample; only the time lines of its configurations are left out, to keep the page small"
                : "the run record, with every sample",
            Compact(RunRecordStore.Serialize(isLarge ? WithoutTimeLines(run.Record) : run.Record, run.Name))
        );
        Link(html, $"{name}.csv", "text/csv", "the table of all figures", Encoding.UTF8.GetBytes(csv.ToString()));
        html.Close();
    }

    private static RunRecord WithoutTimeLines(RunRecord record) =>
        record with
        {
            Points =
            [
                .. record.Points.Select(point =>
                    point with
                    {
                        Telemetry = point.Telemetry is null ? null : point.Telemetry with { Timeline = [] },
                    }
                ),
            ],
        };

    /// <summary>The same JSON without white space, every number as it was written.</summary>
    private static byte[] Compact(byte[] json)
    {
        using var parsed = JsonDocument.Parse(json);
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            parsed.RootElement.WriteTo(writer);
        }

        return buffer.ToArray();
    }

    private static void Link(HtmlWriter html, string file, string type, string about, byte[] content)
    {
        html.Open("li");
        html.Element(
            "a",
            file,
            ("download", $"{file}.gz"),
            ("data-name", file),
            ("data-type", type),
            ("href", $"data:application/gzip;base64,{Convert.ToBase64String(Compress(content))}")
        );
        html.Text($" {about}, {Quantity.Bytes(content.Length)}").Close();
    }

    private static byte[] Compress(byte[] content)
    {
        using var buffer = new MemoryStream();
        using (var zip = new GZipStream(buffer, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            zip.Write(content);
        }

        return buffer.ToArray();
    }
}
