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
        using var directory = RunDirectory.Prepare(folder.File("out"), DateTimeOffset.UnixEpoch, "cpu", "tiny");
        var observer = new ConsoleRunObserver(error, isTerminal: false, directory);
        observer.OnProgress(
            new RunProgress("measuring (1 of 3 points done)", 0.42, 8.2, "int4: 25.8 ms a step, 41.3 GB/s, 350 W")
        );
        Assert.Equal(
            "measuring (1 of 3 points done) 42 %, about 9 s left | int4: 25.8 ms a step, 41.3 GB/s, 350 W",
            error.ToString().Trim()
        );
    }

    [Theory]
    [InlineData(3, "roofline --from runs/1/run.json", "cost --from runs/1/run.json --explain")]
    [InlineData(1, "doctor --device cpu", "cost --from runs/1/run.json --explain")]
    [InlineData(0, "doctor --device cpu", "roofline --from runs/1/run.json")]
    public void TheTwoCommandsWorthRunningNextAreThoseThatTheRunAsksFor(int valid, string first, string second)
    {
        RunRecord record = RunRecordStore.Read(Record);
        record = record with { Points = [.. record.Points.Select((point, i) => point with { Valid = i < valid })] };
        using var text = new StringWriter();
        NextCommands.Write(text, record, "runs/1/run.json");
        string[] lines = text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(5, lines.Length);
        Assert.Equal($"  gpu-decode-bench {first}", lines[1].TrimEnd());
        Assert.Equal($"  gpu-decode-bench {second}", lines[3].TrimEnd());
    }

    [Fact]
    public void ARunComesInEveryFormat()
    {
        Assert.StartsWith("model,weights,", Printed(OutputFormat.Csv, false), StringComparison.Ordinal);
        Assert.StartsWith("### Decode of", Printed(OutputFormat.Md, false), StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(Record), Printed(OutputFormat.Json, false));
        Assert.Equal(3, Printed(OutputFormat.Jsonl, false).Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
        Assert.StartsWith("{\"build_commit\":\"9e438e6", Printed(OutputFormat.Jsonl, true), StringComparison.Ordinal);
        using var rows = System.Text.Json.JsonDocument.Parse(Printed(OutputFormat.Json, true));
        Assert.Equal(3, rows.RootElement.GetArrayLength());
        Assert.Equal(66, rows.RootElement[0].GetProperty("samples_ns").GetArrayLength());
        Assert.StartsWith("build_commit,cpu_info,", Printed(OutputFormat.Csv, true), StringComparison.Ordinal);
    }

    private static string Printed(OutputFormat format, bool asLlamaBench)
    {
        var context = new CommandContext(new StringWriter(), TextWriter.Null, default);
        RunRecord record = RunRecordStore.Read(Record);
        if (asLlamaBench)
        {
            new ResultPrinter(context).LlamaBench(record, format);
        }
        else
        {
            new ResultPrinter(context).Run(record, format);
        }

        return context.Output.ToString()!;
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
