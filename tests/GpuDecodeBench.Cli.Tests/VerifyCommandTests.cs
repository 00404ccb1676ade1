using System.Text.Json;

namespace GpuDecodeBench.Cli.Tests;

public sealed class VerifyCommandTests
{
    private static readonly string[] s_small =
    [
        "verify",
        "--model",
        "tiny",
        "--layers",
        "2",
        "--weights",
        "int4",
        "--context",
        "20",
    ];

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

    [Fact]
    public void TheEmulatorShowsWhatItsKernelsReadBesideThePlan()
    {
        using var run = new CommandRunner([.. s_small, "--device", "emulator", "-o", "json"]);
        Assert.True(run.ExitCode == ExitCodes.Done, run.Error + run.Output);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        JsonElement[] rows = [.. document.RootElement[1].GetProperty("rows").EnumerateArray()];
        string[] names = [.. rows.Select(row => row.GetProperty("operation").GetString()!)];
        Assert.Contains("attention", names);
        Assert.Contains("lm_head", names);
        Assert.Equal("whole step", names[^1]);
        Assert.All(rows, row => Assert.True(row.GetProperty("passed").GetBoolean(), row.ToString()));
        Assert.All(rows, row => Assert.True(row.GetProperty("readBytes").GetInt64() > 0, row.ToString()));
        Assert.All(rows, row => Assert.Equal(0, row.GetProperty("localAccesses").GetInt64()));
    }

    [Theory]
    [InlineData("emulator", "32")]
    [InlineData("cpu", "64")]
    public void LargerBlocksOfTheCacheAreVerified(string device, string tokens)
    {
        using var run = new CommandRunner([.. s_small, "--device", device, "--kv-block", tokens, "--kv", "int8"]);
        Assert.True(run.ExitCode == ExitCodes.Done, run.Error + run.Output);
        Assert.Contains($"KV int8 in blocks of {tokens},", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void TrafficThatDiffersFromThePlanHasExitCodeOneThoughAllResultsHold()
    {
        using var run = new CommandRunner(new FaultyBackend(isWasteful: true), [.. s_small, "--device", "faulty"]);
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        string output = run.Output.ReplaceLineEndings(" ");
        Assert.Contains("comparisons hold.", output, StringComparison.Ordinal);
        Assert.Contains("o_proj read ", output, StringComparison.Ordinal);
    }

    [Fact]
    public void ADeviceThatDoesNotCountHasNoTableOfTraffic()
    {
        using var run = new CommandRunner([.. s_small, "--device", "reference", "-o", "json"]);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        Assert.Equal(1, document.RootElement.GetArrayLength());
    }
}
