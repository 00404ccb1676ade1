namespace GpuDecodeBench.Cli.Tests;

/// <summary>A folder that goes away with its test.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string FullPath { get; } = Directory.CreateTempSubdirectory("gpu-decode-bench-").FullName;

    public string File(string name) => Path.Combine(FullPath, name);

    public string Write(string name, string content)
    {
        System.IO.File.WriteAllText(File(name), content);
        return File(name);
    }

    public void Dispose() => Directory.Delete(FullPath, recursive: true);
}
