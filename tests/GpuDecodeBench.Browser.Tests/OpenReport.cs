using Microsoft.Playwright;

namespace GpuDecodeBench.Browser.Tests;

/// <summary>A page with everything that it complained of or asked for since it was opened.</summary>
internal sealed class OpenReport
{
    private readonly List<string> _complaints = [];
    private readonly List<string> _requests = [];

    public OpenReport(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
            {
                _complaints.Add(message.Text);
            }
        };
        page.PageError += (_, error) => _complaints.Add(error);
        page.Request += (_, request) => _requests.Add(request.Url);
    }

    public IPage Page { get; }

    /// <summary>Errors and warnings.</summary>
    public IReadOnlyList<string> Complaints => _complaints;

    /// <summary>Addresses that were asked for beside the page's own file.</summary>
    public IEnumerable<string> Requests =>
        _requests.Where(url => url != Page.Url && !url.StartsWith("data:", StringComparison.Ordinal));

    /// <summary>Keeps a picture of the whole page.</summary>
    public Task PictureAsync(string name) =>
        Page.ScreenshotAsync(
            new PageScreenshotOptions { Path = Path.Combine(Reports.Folder, $"{name}.png"), FullPage = true }
        );
}
