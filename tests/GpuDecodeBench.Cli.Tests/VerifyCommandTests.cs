using System.Text.Json;

namespace GpuDecodeBench.Cli.Tests;

public sealed class VerifyCommandTests
{
    [Fact]
    public void EveryWeightFormatOfTheTinyModelIsVerifiedInFull()
    {
        using var run = new CommandRunner("verify", "--context", "40", "--batch", "2", "--seed", "5", "-o", "json");
        Assert.True(run.ExitCode == ExitCodes.Done, run.Error + run.Output);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        JsonElement[] rows = [.. document.RootElement[0].GetProperty("rows").EnumerateArray()];
        Assert.Equal(7, rows.Select(row => row.GetProperty("weights").GetString()).Distinct().Count());
        Assert.All(rows, row => Assert.True(row.GetProperty("passed").GetBoolean()));
        Assert.Equal(7, rows.Count(row => row.GetProperty("operation").GetString() == "whole step"));
        // Every element of the LM head: 2 sequences of 2048 logits.
        Assert.All(
            rows.Where(row => row.GetProperty("operation").GetString() == "lm_head"),
            row => Assert.Equal(4096, row.GetProperty("elements").GetInt64())
        );
        Assert.Contains(
            document.RootElement[0].GetProperty("notes").EnumerateArray(),
            note => note.GetString() == "Seed: 5."
        );
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("run")]
    public void AWrongResultIsNamedAndHasExitCodeOne(string command)
    {
        using var folder = new TemporaryFolder();
        string[] arguments = [command, "--model", "tiny", "--device", "faulty", "--weights", "bf16", "--context", "20"];
        string[] more = command == "run" ? ["--out", folder.File("out"), "--max-seconds", "0.2"] : [];
        using var run = new CommandRunner(new FaultyBackend(), [.. arguments, .. more]);
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains(
            "o_proj of layer 1",
            (run.Output + run.Error).ReplaceLineEndings(" "),
            StringComparison.Ordinal
        );
    }
}
