namespace GpuDecodeBench.Browser.Tests;

/// <summary>A test that needs a browser; skipped, saying so, where there is none.</summary>
public sealed class BrowserFactAttribute : FactAttribute
{
    internal const string Reason = "There is no Chromium on this machine (Debian: apt-get install chromium).";

    public BrowserFactAttribute()
    {
        if (Chromium.Executable is null)
        {
            Skip = Reason;
        }
    }
}
