namespace GpuDecodeBench.Browser.Tests;

/// <summary>A theory that needs a browser; skipped, saying so, where there is none.</summary>
public sealed class BrowserTheoryAttribute : TheoryAttribute
{
    public BrowserTheoryAttribute()
    {
        if (Chromium.Executable is null)
        {
            Skip = BrowserFactAttribute.Reason;
        }
    }
}
