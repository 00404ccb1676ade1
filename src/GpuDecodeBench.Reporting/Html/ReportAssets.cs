namespace GpuDecodeBench.Reporting.Html;

/// <summary>The page's style sheet and script, from the embedded files.</summary>
internal static class ReportAssets
{
    private static readonly Lazy<string> s_style = new(() => Read("report.css"));
    private static readonly Lazy<string> s_script = new(() => Read("report.js"));

    public static string Style => s_style.Value;

    public static string Script => s_script.Value;

    private static string Read(string name)
    {
        string resource = $"GpuDecodeBench.Reporting.Html.Assets.{name}";
        using Stream stream =
            typeof(ReportAssets).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException($"The assembly lacks {resource}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
