using GpuDecodeBench.Economics;
using GpuDecodeBench.Records;
using GpuDecodeBench.Reporting.Html;
using GpuDecodeBench.Tests;

namespace GpuDecodeBench.Browser.Tests;

/// <summary>The reports that are opened: one of each kept record, and made-up runs for what no kept record has.</summary>
internal static class Reports
{
    private const int MostKept = 4;

    public const string Gpu = "gpu";
    public const string Nasty = "nasty";
    public const string Large = "large";
    public const string Several = "several";

    /// <summary>The checkout that the tests were built from.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Where pages and screenshots are kept to be looked at.</summary>
    public static string Folder { get; } =
        Directory.CreateDirectory(Path.Combine(Root, "artifacts", "browser")).FullName;

    /// <summary>The names of all reports.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [.. Kept().Select(path => Path.GetFileNameWithoutExtension(path)!), Gpu, Nasty, Large, Several];

    /// <summary>The runs of a report.</summary>
    public static IReadOnlyList<ReportInput> Inputs(string name) =>
        name switch
        {
            Gpu => [new ReportInput(ReportRuns.Gpu(), "gpu.json")],
            Nasty => [new ReportInput(ReportRuns.Nasty(), "nasty.json")],
            Large => [new ReportInput(ReportRuns.Large(), "large.json")],
            Several => [.. Kept().Take(2).Select(Read)],
            _ => [Read(Kept().Single(path => Path.GetFileNameWithoutExtension(path) == name))],
        };

    /// <summary>What a report is made with.</summary>
    public static ReportOptions Options(string name) =>
        name == Gpu
            ? new ReportOptions
            {
                ApiPrices = [new ApiPrice("small API", 0.2), new ApiPrice("large API", 0.9)],
                Cost = new CostOptions { Utilization = UserFigure.Create(0.5, "--utilization") },
            }
            : new ReportOptions();

    /// <summary>Writes a report's page.</summary>
    /// <returns>Its address.</returns>
    public static string Write(string name)
    {
        string path = Path.Combine(Folder, $"{name}.html");
        File.WriteAllText(path, HtmlReport.Write(Inputs(name), Options(name)));
        return new Uri(path).AbsoluteUri;
    }

    private static ReportInput Read(string path) => new(RunRecordStore.Read(path), Path.GetFileName(path));

    /// <summary>The newest kept records, as their names begin with the day: enough of each kind, however many there will be.</summary>
    private static IEnumerable<string> Kept() =>
        Directory
            .GetFiles(Path.Combine(Root, "reports"), "*.json", SearchOption.AllDirectories)
            .OrderByDescending(Path.GetFileName, StringComparer.Ordinal)
            .Take(MostKept);

    private static string FindRoot()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "GpuDecodeBench.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        return folder ?? throw new DirectoryNotFoundException("The tests do not lie in a checkout.");
    }
}
