using GpuDecodeBench.Cli.Output;
using GpuDecodeBench.Measurement.Runs;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Cli.Tests;

/// <summary>What a terminal is shown, and what anything else is.</summary>
public sealed class TerminalTests
{
    private static string Record =>
        Repository.File("reports/amd-epyc-zen5-2-threads/2026-11-20-llama-3.2-1b-quick.json");

    [Theory]
    [InlineData(80)]
    [InlineData(120)]
    [InlineData(160)]
    public void EverythingKeepsToTheWidthOfTheTerminal(int columns)
    {
        string text = Print(OnTerminal(columns, styles: false));
        Assert.All(text.Split('\n'), line => Assert.True(line.TrimEnd().Length <= columns, line));
        Assert.Contains($"Left out to fit {columns} columns", text, StringComparison.Ordinal);
    }

    [Fact]
    public void NoColourMeansNoEscapesAtAllAndSoDoesAPipe()
    {
        Assert.DoesNotContain('\u001b', Print(OnTerminal(100, styles: false)));
        Assert.DoesNotContain('\u001b', Print(new CommandContext(new StringWriter(), TextWriter.Null, default)));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("", true)]
    [InlineData("1", false)]
    public void TheVariableNoColorIsObeyedWhereItIsNotEmpty(string? value, bool uses)
    {
        string? before = Environment.GetEnvironmentVariable("NO_COLOR");
        try
        {
            Environment.SetEnvironmentVariable("NO_COLOR", value);
            Assert.Equal(uses, new CommandContext(TextWriter.Null, TextWriter.Null, default).UsesStyles);
        }
        finally
        {
            Environment.SetEnvironmentVariable("NO_COLOR", before);
        }
    }

    [Fact]
    public void ProgressHasStageShareTimeLeftAndTheLatestFigures()
    {
        using var folder = new TemporaryFolder();
        using var error = new StringWriter();
        var observer = new ConsoleRunObserver(
            error,
            isTerminal: false,
            RunDirectory.Prepare(folder.File("out"), DateTimeOffset.UnixEpoch, "cpu", "tiny")
        );
        observer.OnProgress(
            new RunProgress("measuring (1 of 3 points done)", 0.42, 8.2, "int4: 25.8 ms a step, 41.3 GB/s, 350 W")
        );
        Assert.Equal(
            "measuring (1 of 3 points done) 42 %, about 9 s left | int4: 25.8 ms a step, 41.3 GB/s, 350 W",
            error.ToString().Trim()
        );
    }

    [Fact]
    public void ARunEndsWithTheTwoCommandsWorthRunningNext()
    {
        using var folder = new TemporaryFolder();
        string target = folder.File("out");
        using var run = new CommandRunner(
            "run",
            "--model",
            "tiny",
            "--preset",
            "quick",
            "--max-seconds",
            "0.3",
            "--context",
            "16",
            "--weights",
            "bf16",
            "--out",
            target
        );
        Assert.Equal(ExitCodes.Done, run.ExitCode);
        string[] lines = run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal("Next:", lines[^3].Trim());
        bool valid = RunRecordStore.Read(Path.Combine(target, "run.json")).Points.All(point => point.Valid);
        Assert.Contains(
            valid ? $"roofline --from {target}" : "doctor --device cpu",
            lines[^2],
            StringComparison.Ordinal
        );
        Assert.Contains($"cost --from {target}", lines[^1], StringComparison.Ordinal);
        foreach (string line in lines[^2..])
        {
            string command = line.Split('#')[0].Trim()["gpu-decode-bench ".Length..];
            if (!command.StartsWith("doctor", StringComparison.Ordinal))
            {
                using var next = new CommandRunner(command.Split(' '));
                Assert.Equal(valid ? ExitCodes.Done : next.ExitCode, next.ExitCode);
            }
        }
    }

    private static CommandContext OnTerminal(int columns, bool styles) =>
        new(new StringWriter(), TextWriter.Null, default)
        {
            OutputIsTerminal = true,
            TerminalColumns = columns,
            UsesStyles = styles,
        };

    private static string Print(CommandContext context)
    {
        new ResultPrinter(context).Run(RunRecordStore.Read(Record), OutputFormat.Table);
        return context.Output.ToString()!;
    }
}
