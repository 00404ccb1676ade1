using System.Text.Json;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Cli.Tests;

/// <summary>The commands from end to end on the CPU, with a model small enough for a test.</summary>
public sealed class RunCommandTests
{
    private static string[] Tiny(string target, params string[] more) =>
        [
            "run",
            "--model",
            "tiny",
            "--preset",
            "quick",
            "--max-seconds",
            "1",
            "--context",
            "64",
            "--out",
            target,
            .. more,
        ];

    [Fact]
    public void ARunPrintsATableAParagraphAndWritesARecord()
    {
        using var folder = new TemporaryFolder();
        string target = folder.File("out");
        using var run = new CommandRunner(
            Tiny(
                target,
                "--weights",
                "bf16,int4",
                "--price-per-hour",
                "0.5",
                "--utilization",
                "0.8",
                "--kv-block",
                "64"
            )
        );
        Assert.True(run.ExitCode == ExitCodes.Done, run.Error);
        Assert.Contains("bf16", run.Output, StringComparison.Ordinal);
        Assert.Contains("$/Mtok", run.Output, StringComparison.Ordinal);
        Assert.Contains("Next:", run.Error, StringComparison.Ordinal);
        Assert.Contains("tokens/s while busy", run.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Contains("80 %", run.Output, StringComparison.Ordinal);
        RunRecord record = RunRecordStore.Read(Path.Combine(target, "run.json"));
        Assert.Equal(["bf16", "int4"], record.Points.Select(point => point.Weights));
        Assert.All(record.Points, point => Assert.True(point.Verification.Passed));
        Assert.All(record.Points, point => Assert.True(point.Interleaved));
        Assert.All(record.Points, point => Assert.Equal(64, point.KvBlockTokens));
        Assert.Contains("KV blocks of 64 tokens", run.Output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.Equal(0.5, record.Price!.UsdPerHour.Value);
        Assert.Contains("--weights bf16,int4", record.Command, StringComparison.Ordinal);
        Assert.True(record.Ceilings.ReadBytesPerSecond.Value > 1e8);
    }

    [Fact]
    public void JsonOutputIsTheRecordAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        string target = folder.File("out");
        using var run = new CommandRunner(Tiny(target, "-o", "json"));
        Assert.Equal(ExitCodes.Done, run.ExitCode);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        Assert.Equal("1", document.RootElement.GetProperty("schemaVersion").GetString());
        Assert.Equal(File.ReadAllText(Path.Combine(target, "run.json")), run.Output);
    }

    [Fact]
    public void LlamaBenchsColumnsAreTheResultAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        using var run = new CommandRunner(
            Tiny(folder.File("out"), "-o", "jsonl", "--columns", "llama-bench", "--weights", "bf16")
        );
        Assert.Equal(ExitCodes.Done, run.ExitCode);
        using var row = JsonDocument.Parse(
            Assert.Single(run.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        );
        Assert.Equal(63, row.RootElement.GetProperty("n_depth").GetInt32());
        Assert.True(row.RootElement.GetProperty("avg_ts").GetDouble() > 0);
        Assert.Contains("measuring", run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("Next:", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void ARecordGoesThroughRooflineAndCost()
    {
        using var folder = new TemporaryFolder();
        string target = folder.File("out");
        using var run = new CommandRunner(Tiny(target));
        string record = Path.Combine(target, "run.json");
        using var roofline = new CommandRunner("roofline", "--from", record);
        Assert.Equal(ExitCodes.Done, roofline.ExitCode);
        Assert.Contains("lm_head", roofline.Output, StringComparison.Ordinal);
        using var cost = new CommandRunner(
            "cost",
            "--from",
            record,
            "--price-per-hour",
            "2",
            "--explain",
            "--include-invalid"
        );
        Assert.Equal(ExitCodes.Done, cost.ExitCode);
        Assert.Contains("tiny", cost.Output, StringComparison.Ordinal);
        Assert.Contains("3600", cost.Output, StringComparison.Ordinal);
        using var json = new CommandRunner(
            "cost",
            "--from",
            record,
            "--price-per-hour",
            "2",
            "-o",
            "json",
            "--include-invalid"
        );
        using JsonDocument document = JsonDocument.Parse(json.Output);
        JsonElement row = document.RootElement[0].GetProperty("rows")[0];
        double tokensPerSecond = row.GetProperty("tokensPerSecond").GetDouble();
        double utilization = row.GetProperty("utilization").GetDouble();
        Assert.Equal(
            2 / 3600.0 / (tokensPerSecond * utilization) * 1e6,
            row.GetProperty("usdPerMillionTokens").GetDouble(),
            9
        );
    }

    [Fact]
    public void HardwareThatWasNotMeasuredIsPredictedAndSaysSo()
    {
        using var roofline = new CommandRunner(
            "roofline",
            "--model",
            "llama-3.1-8b",
            "--weights",
            "bf16",
            "--context",
            "2048",
            "--gpu",
            "h200",
            "-o",
            "json"
        );
        Assert.Equal(ExitCodes.Done, roofline.ExitCode);
        Assert.Contains("redicted", roofline.Output, StringComparison.Ordinal);
        using JsonDocument document = JsonDocument.Parse(roofline.Output);
        Assert.NotEmpty(document.RootElement[0].GetProperty("rows").EnumerateArray());
    }

    [Fact]
    public void TheReferenceCanBeRunAsADevice()
    {
        using var folder = new TemporaryFolder();
        using var run = new CommandRunner(
            Tiny(folder.File("out"), "--device", "reference", "--weights", "bf16", "--layers", "1")
        );
        Assert.True(run.ExitCode == ExitCodes.Done, run.Error);
        RunRecord record = RunRecordStore.Read(Path.Combine(folder.File("out"), "run.json"));
        Assert.Null(Assert.Single(record.Points).MbuOfCeiling);
    }

    [Fact]
    public void AnInterruptionLeavesAValidRecordAndItsOwnExitCode()
    {
        using var folder = new TemporaryFolder();
        using var cancellation = new CancellationTokenSource();
        cancellation.Cancel();
        using var run = new CommandRunner(cancellation.Token, Tiny(folder.File("out")));
        Assert.Equal(ExitCodes.Interrupted, run.ExitCode);
        Assert.Empty(RunRecordStore.Read(Path.Combine(folder.File("out"), "run.json")).Points);
    }

    [Fact]
    public void WhatCanBeReadOfDevicesIsInCsvToo()
    {
        using var run = new CommandRunner("devices", "-o", "csv");
        string[] lines = run.Output.Split("\r\n");
        Assert.StartsWith("table,", lines[0], StringComparison.Ordinal);
        Assert.Contains("quantity", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, line => line.StartsWith("Telemetry,", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("devices")]
    [InlineData("models")]
    [InlineData("models", "qwen3-8b")]
    public void ListsComeInEveryFormat(params string[] command)
    {
        foreach (string format in (string[])["table", "json", "jsonl", "csv", "md"])
        {
            using var run = new CommandRunner([.. command, "-o", format]);
            Assert.Equal(ExitCodes.Done, run.ExitCode);
            Assert.NotEqual("", run.Output);
            Assert.Equal("", run.Error);
        }
    }
}
