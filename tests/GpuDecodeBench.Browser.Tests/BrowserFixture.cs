using Microsoft.Playwright;

namespace GpuDecodeBench.Browser.Tests;

/// <summary>One browser for all tests, and one page for each report, opened when it is first asked for.</summary>
public sealed class BrowserFixture : IAsyncLifetime
{
    private readonly Dictionary<string, OpenReport> _pages = [];
    private IPlaywright? _playwright;
    private IBrowser? _browser;

    public async Task InitializeAsync()
    {
        if (Chromium.Executable is null)
        {
            return;
        }

        _playwright = await Playwright.CreateAsync();
        _browser = await _playwright.Chromium.LaunchAsync(
            new BrowserTypeLaunchOptions
            {
                ExecutablePath = Chromium.Executable,
                Headless = true,
                // A container has neither user namespaces nor a large /dev/shm.
                Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
            }
        );
    }

    /// <summary>A report's page, at its usual size and in its usual colours.</summary>
    internal async Task<OpenReport> OpenAsync(string name)
    {
        if (!_pages.TryGetValue(name, out OpenReport? report))
        {
            IPage page = await _browser!.NewPageAsync();
            report = new OpenReport(page);
            await page.GotoAsync(Reports.Write(name));
            _pages.Add(name, report);
        }

        await report.Page.EmulateMediaAsync(
            new PageEmulateMediaOptions { ColorScheme = ColorScheme.Light, Media = Media.Screen }
        );
        await report.Page.SetViewportSizeAsync(1200, 900);
        return report;
    }

    public async Task DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.CloseAsync();
        }

        _playwright?.Dispose();
    }
}
