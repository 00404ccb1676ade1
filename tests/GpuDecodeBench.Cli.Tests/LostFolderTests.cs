using GpuDecodeBench.Records;

namespace GpuDecodeBench.Cli.Tests;

/// <summary>A run whose folder is gone or full by the time that its record is written.</summary>
public sealed class LostFolderTests
{
    private const string Beginning = "The run record is in ";
    private const string End = " instead";

    private static readonly string[] s_run =
    [
        "run",
        "--model",
        "tiny",
        "--device",
        "faulty",
        "--weights",
        "bf16",
        "--context",
        "16",
        "--max-seconds",
        "1",
    ];

    [Fact]
    public void TheRecordGoesElsewhereAndIsNotLost()
    {
        using var folder = new TemporaryFolder();
        string lost = folder.File("run");
        var backend = new FaultyBackend(onlyAtContext: 999, onLoad: () => Directory.Delete(lost, recursive: true));
        using var run = new CommandRunner(backend, [.. s_run, "--out", lost]);

        Assert.True(run.ExitCode == ExitCodes.Failed, run.Error);
        Assert.True(run.Error.Contains(Beginning, StringComparison.Ordinal), run.Error);
        string line = Assert.Single(
            run.Error.Split('\n'),
            line => line.StartsWith(Beginning, StringComparison.Ordinal)
        );
        string path = line[Beginning.Length..line.IndexOf(End, StringComparison.Ordinal)];
        try
        {
            RunRecord record = RunRecordStore.Read(path);
            Assert.NotEmpty(Assert.Single(record.Points).SamplesSeconds);
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(path)!, recursive: true);
        }
    }
}
