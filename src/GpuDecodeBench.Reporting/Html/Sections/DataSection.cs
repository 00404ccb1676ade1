using System.IO.Compression;
using System.Text;
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
        Link(
            html,
            $"{name}.json",
            "application/json",
            "the run record, with every sample",
            RunRecordStore.Serialize(run.Record, run.Name)
        );
        Link(html, $"{name}.csv", "text/csv", "the table of all figures", Encoding.UTF8.GetBytes(csv.ToString()));
        html.Close();
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
