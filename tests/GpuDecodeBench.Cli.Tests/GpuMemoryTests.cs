using GpuDecodeBench.Records;

namespace GpuDecodeBench.Cli.Tests;

/// <summary>
/// Layers and points against a GPU's memory. Of tiny in sixteen bits the embedding and the LM head take 2.10 MB, a layer 1.41 MB; 70 %
/// of the memory may be used.
/// </summary>
public sealed class GpuMemoryTests
{
    [Theory]
    [InlineData("8MB", 2)]
    [InlineData("10MB", 3)]
    [InlineData("1GB", 4)]
    public void AutoTakesAsManyLayersAsFit(string memory, int layers)
    {
        RunRecord record = Run(ExitCodes.Done, memory, "bf16", "--layers", "auto");
        PointRecord point = Assert.Single(record.Points);
        Assert.Equal((layers, 4), (point.LayersMeasured, point.LayersTotal));
        Assert.True(point.Verification.Passed);
        Assert.Equal(
            layers == 4 ? Provenance.Measured : Provenance.Extrapolated,
            point.Provenance["fullStepSeconds"].Kind
        );
        long bytes = memory == "1GB" ? 1_000_000_000 : 1_000_000L * int.Parse(memory[..^2]);
        Assert.InRange(point.Memory.PlannedBytes, 1, (long)(0.7 * bytes));
        if (layers < 4)
        {
            Assert.True(point.Memory.PlannedBytes + 1_410_000 > 0.7 * bytes, "one more layer would have fitted");
        }
    }

    [Fact]
    public void PointsThatDoNotFitTogetherRunOneAfterTheOther()
    {
        RunRecord record = Run(ExitCodes.Done, "6MB", "bf16,fp16", "--layers", "auto");
        Assert.Equal(["bf16", "fp16"], record.Points.Select(point => point.Weights));
        Assert.All(record.Points, point => Assert.False(point.Interleaved));
        Assert.All(record.Points, point => Assert.Equal(1, point.LayersMeasured));
        Assert.Contains(record.Notes, note => note.Contains("one after the other", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("4MB", "auto", "One layer of tiny", "2.80 MB")]
    [InlineData("6MB", "4", "4 layers of tiny", "5.40 MB")]
    public void WhatDoesNotFitIsAnAnswerWithTheFigures(string memory, string layers, string what, string allowed)
    {
        using var folder = new TemporaryFolder();
        using var run = new CommandRunner(Arguments(folder.File("out"), memory, "bf16", "--layers", layers));
        run.AssertRefused(ExitCodes.Unavailable, what, "needs", allowed, "MB that are free");
    }

    private static RunRecord Run(int exitCode, string memory, string weights, params string[] more)
    {
        using var folder = new TemporaryFolder();
        string target = folder.File("out");
        using var run = new CommandRunner(Arguments(target, memory, weights, more));
        Assert.True(run.ExitCode == exitCode, run.Error);
        return RunRecordStore.Read(Path.Combine(target, "run.json"));
    }

    private static string[] Arguments(string target, string memory, string weights, params string[] more) =>
        [
            "run",
            "--model",
            "tiny",
            "--device",
            $"emulator:memory={memory}",
            "--weights",
            weights,
            "--context",
            "20",
            "--preset",
            "quick",
            "--max-seconds",
            "0.5",
            "--out",
            target,
            .. more,
        ];
}
