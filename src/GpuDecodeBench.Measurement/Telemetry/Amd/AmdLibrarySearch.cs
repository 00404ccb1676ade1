namespace GpuDecodeBench.Measurement.Telemetry.Amd;

/// <summary>Where AMD's management libraries are looked for.</summary>
/// <param name="Directories">Folders, in order, where the system does not find them by name.</param>
internal sealed record AmdLibrarySearch(IReadOnlyList<string> Directories)
{
    /// <summary>Whether the system's own rules are asked first, by the plain name.</summary>
    public bool HasSystemSearch { get; init; } = true;

    /// <summary>The search on this machine: <c>LD_LIBRARY_PATH</c>, then ROCm's folders, the newest first.</summary>
    public static AmdLibrarySearch ForThisMachine()
    {
        string[] named = (System.Environment.GetEnvironmentVariable("LD_LIBRARY_PATH") ?? string.Empty).Split(
            ':',
            StringSplitOptions.RemoveEmptyEntries
        );
        string[] versions;
        try
        {
            versions = Directory.Exists("/opt") ? Directory.GetDirectories("/opt", "rocm-*") : [];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            versions = [];
        }

        return new AmdLibrarySearch([
            .. named,
            "/opt/rocm/lib",
            .. versions.OrderDescending(StringComparer.Ordinal).Select(version => $"{version}/lib"),
            "/usr/lib64",
            "/usr/lib/x86_64-linux-gnu",
        ]);
    }
}
