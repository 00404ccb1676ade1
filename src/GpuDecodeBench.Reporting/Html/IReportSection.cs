namespace GpuDecodeBench.Reporting.Html;

/// <summary>A section of a report.</summary>
internal interface IReportSection
{
    /// <summary>Its name in links.</summary>
    string Id { get; }

    /// <summary>Its heading.</summary>
    string Heading { get; }

    /// <summary>Its heading in the list of sections.</summary>
    string ShortHeading { get; }

    /// <summary>Writes what stands under the heading.</summary>
    void Write(HtmlWriter html, ReportRun run);
}
