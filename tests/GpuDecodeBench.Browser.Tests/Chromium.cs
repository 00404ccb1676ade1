namespace GpuDecodeBench.Browser.Tests;

/// <summary>The browser of this machine. Nothing is downloaded: Debian's package, or another Chromium, is taken as it is installed.</summary>
internal static class Chromium
{
    private static readonly string[] s_names =
    [
        "chromium",
        "chromium-browser",
        "google-chrome",
        "google-chrome-stable",
    ];

    /// <summary>The executable; null where there is none.</summary>
    public static string? Executable { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator)
            .SelectMany(folder => s_names.Select(name => Path.Combine(folder, name)))
            .FirstOrDefault(File.Exists);
}
