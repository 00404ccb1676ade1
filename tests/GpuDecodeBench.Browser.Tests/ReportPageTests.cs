using GpuDecodeBench.Tests;
using Microsoft.Playwright;

namespace GpuDecodeBench.Browser.Tests;

/// <summary>What holds for the page of every report, in a real browser.</summary>
[Collection(BrowserCollection.Name)]
public sealed class ReportPageTests(BrowserFixture browser)
{
    public static TheoryData<string> Names => [.. Reports.Names];

    [BrowserTheory]
    [MemberData(nameof(Names))]
    public async Task APageIsDrawnWithoutComplaintsAndReadsWell(string name)
    {
        OpenReport report = await browser.OpenAsync(name);

        await NothingFound(report, PageChecks.ChartsWithoutMarks);
        await NothingFound(report, PageChecks.MarksWithinPlots);
        await NothingFound(report, PageChecks.OverlappingTexts);
        await NothingFound(report, PageChecks.Headings);
        await NothingFound(report, PageChecks.Labels);
        await NothingFound(report, PageChecks.Contrast);
        await NothingFound(report, PageChecks.TooWide);
        Assert.Empty(report.Complaints);
        Assert.Empty(report.Requests);
    }

    [BrowserTheory]
    [MemberData(nameof(Names))]
    public async Task DarkColoursHaveTheirContrastToo(string name)
    {
        OpenReport report = await browser.OpenAsync(name);
        await report.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });

        Assert.Equal("rgb(20, 23, 27)", await Ground(report));
        await NothingFound(report, PageChecks.Contrast);
    }

    [BrowserTheory]
    [MemberData(nameof(Names))]
    public async Task APhoneShowsEverythingWithoutScrollingSideways(string name)
    {
        OpenReport report = await browser.OpenAsync(name);
        await report.Page.SetViewportSizeAsync(360, 740);

        await NothingFound(report, PageChecks.TooWide);
        await NothingFound(report, PageChecks.ChartsWithoutMarks);
        await NothingFound(report, PageChecks.MarksWithinPlots);
        await NothingFound(report, PageChecks.OverlappingTexts);
    }

    public static TheoryData<string> Pictured => [Reports.Names[0], Reports.Gpu];

    [BrowserTheory]
    [MemberData(nameof(Pictured))]
    public async Task PicturesAreKeptToBeLookedAt(string name)
    {
        OpenReport report = await browser.OpenAsync(name);
        await report.PictureAsync($"{name}-light");
        await report.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark });
        await report.PictureAsync($"{name}-dark");
        await report.Page.EmulateMediaAsync(new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light });
        await report.Page.SetViewportSizeAsync(360, 740);
        await report.PictureAsync($"{name}-phone");
        await report.Page.SetViewportSizeAsync(800, 1100);
        await report.Page.EmulateMediaAsync(new PageEmulateMediaOptions { Media = Media.Print });
        await report.PictureAsync($"{name}-print");

        Assert.True(new FileInfo(Path.Combine(Reports.Folder, $"{name}-phone.png")).Length > 10_000);
    }

    [BrowserFact]
    public async Task TheButtonSwitchesColoursWhateverTheSystemPrefers()
    {
        OpenReport report = await browser.OpenAsync(Reports.Gpu);

        await report.Page.ClickAsync("#theme");
        Assert.Equal("rgb(20, 23, 27)", await Ground(report));
        await report.Page.ClickAsync("#theme");
        Assert.Equal("rgb(255, 255, 255)", await Ground(report));
    }

    [BrowserFact]
    public async Task PaperStaysLight()
    {
        OpenReport report = await browser.OpenAsync(Reports.Gpu);
        await report.Page.EmulateMediaAsync(
            new PageEmulateMediaOptions { ColorScheme = ColorScheme.Dark, Media = Media.Print }
        );

        Assert.Equal("rgb(255, 255, 255)", await Ground(report));
        Assert.False(await report.Page.IsVisibleAsync("nav"));
    }

    [BrowserFact]
    public async Task MarkupInARecordIsShownAndNeverRun()
    {
        OpenReport report = await browser.OpenAsync(Reports.Nasty);

        Assert.False(await report.Page.EvaluateAsync<bool>("() => 'hacked' in window"));
        Assert.Equal(0, await report.Page.Locator("img").CountAsync());
        Assert.Contains(ReportRuns.Hostile, await report.Page.TextContentAsync("h1"), StringComparison.Ordinal);
    }

    [BrowserFact]
    public async Task TheRecordIsSavedAsItWas()
    {
        OpenReport report = await browser.OpenAsync(Reports.Gpu);

        IDownload download = await report.Page.RunAndWaitForDownloadAsync(() =>
            report.Page.ClickAsync("a[data-name='gpu.json']")
        );

        Assert.Equal("gpu.json", download.SuggestedFilename);
        string path = (await download.PathAsync())!;
        Assert.Equal(
            Records.RunRecordStore.Serialize(ReportRuns.Gpu(), "gpu.json"),
            Records.RunRecordStore.Serialize(Records.RunRecordStore.Read(path), path)
        );
    }

    [BrowserFact]
    public async Task PointingAtAFigureSaysWhereItComesFrom()
    {
        OpenReport report = await browser.OpenAsync(Reports.Gpu);

        string[] titles = await report.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('table.figures tbody tr:first-child td[data-o]')].map((cell) => cell.title)"
        );

        // Eleven figures, and whether the point is valid.
        Assert.Equal(11, titles.Length);
        Assert.Contains("measured (energy counter)", titles[7], StringComparison.Ordinal);
        Assert.All(titles, title => Assert.NotEqual("", title));
    }

    private static Task<string> Ground(OpenReport report) =>
        report.Page.EvaluateAsync<string>("() => getComputedStyle(document.body).backgroundColor");

    private static async Task NothingFound(OpenReport report, string check) =>
        Assert.Empty(await report.Page.EvaluateAsync<string[]>(check));
}
