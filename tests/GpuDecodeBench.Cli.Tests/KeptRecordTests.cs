using System.Runtime.CompilerServices;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Cli.Tests;

/// <summary>The records under reports/: a record from an earlier day goes through every command like a fresh one.</summary>
public sealed class KeptRecordTests
{
    public static TheoryData<string> Records
    {
        get
        {
            string root = Path.Combine(Path.GetDirectoryName(ThisFile())!, "..", "..", "reports");
            return [.. Directory.GetFiles(root, "*.json", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        }
    }

    [Theory]
    [MemberData(nameof(Records))]
    public void AKeptRecordIsReadCheckedAndPriced(string path)
    {
        RunRecord record = RunRecordStore.Read(path);
        Assert.NotEmpty(record.Points);
        Assert.All(record.Points, point => Assert.True(point.Verification.Passed));
        Assert.All(
            record.Points,
            point => Assert.Equal(16, point.KvBlockTokens ?? PointRecord.KvBlockTokensUnlessSaid)
        );
        foreach (string command in (string[])["roofline", "cost"])
        {
            using var run = new CommandRunner(command, "--from", path);
            Assert.True(run.ExitCode == ExitCodes.Done, run.Error);
            Assert.Contains(record.Model.Name, run.Output, StringComparison.Ordinal);
        }
    }

    private static string ThisFile([CallerFilePath] string path = "") => path;
}
