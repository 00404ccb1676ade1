namespace GpuDecodeBench.Records.Tests;

/// <summary>A directory that is gone after the test.</summary>
internal sealed class TemporaryDirectory : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("records-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public string[] Entries() =>
        [.. Directory.EnumerateFileSystemEntries(Path).Select(entry => System.IO.Path.GetFileName(entry))];

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
