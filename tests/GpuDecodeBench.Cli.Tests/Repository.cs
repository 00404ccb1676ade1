namespace GpuDecodeBench.Cli.Tests;

/// <summary>Files of the checkout that the tests were built from.</summary>
internal static class Repository
{
    /// <summary>The path of a file, given from the checkout's root.</summary>
    public static string File(string path)
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !System.IO.File.Exists(Path.Combine(folder, "GpuDecodeBench.sln")))
        {
            folder = Path.GetDirectoryName(folder);
        }

        Assert.NotNull(folder);
        return Path.Combine(folder, path);
    }
}
