using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Cli.Tests;

/// <summary>No run takes the folder of another.</summary>
public sealed class RunDirectoryTests
{
    [Fact]
    public void AFolderThatARunWritesToIsRefusedUntilThatHasEnded()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("out");
        RunDirectory first = Prepare(path);

        var refusal = Assert.Throws<InputException>(() => Prepare(path));
        Assert.Contains("is being written to by another run", refusal.Message, StringComparison.Ordinal);

        first.Dispose();
        Assert.Empty(Directory.GetFileSystemEntries(path));
        using RunDirectory next = Prepare(path);
        Assert.Equal(first.RecordPath, next.RecordPath);
    }

    [Fact]
    public void RunsThatBeginInTheSameSecondHaveFoldersOfTheirOwn()
    {
        using var folder = new TemporaryFolder();
        string runs = folder.File("runs");
        using RunDirectory first = Prepare(null, runs);
        using RunDirectory second = Prepare(null, runs);
        File.WriteAllText(first.RecordPath, "a record");
        first.Dispose();
        using RunDirectory third = Prepare(null, runs);

        string[] names = [.. new[] { first, second, third }.Select(one => Path.GetDirectoryName(one.RecordPath)!)];
        string name = Path.Combine(runs, "19700101T000000Z-cpu-tiny");
        Assert.Equal([name, $"{name}-2", $"{name}-3"], names);
    }

    private static RunDirectory Prepare(string? given, string below = "runs") =>
        RunDirectory.Prepare(given, DateTimeOffset.UnixEpoch, "cpu", "tiny", below);
}
