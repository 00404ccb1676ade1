using System.Diagnostics;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Cli.Tests;

/// <summary>Ctrl-C as a terminal sends it: a signal to a process of its own.</summary>
public sealed class InterruptionTests
{
    [Theory]
    [InlineData("cpu", "qwen2.5-0.5b", "bf16,int4", "measuring the ceilings")]
    [InlineData("cpu", "qwen2.5-0.5b", "bf16,int4", "making")]
    [InlineData("cpu", "qwen2.5-0.5b", "bf16,int4", "points done)")]
    // One format: each of an emulated GPU's is tuned for seconds first.
    [InlineData("emulator", "tiny", "bf16", "points done)")]
    public async Task CtrlCAtAnyMomentLeavesAValidRecord(string device, string model, string weights, string moment)
    {
        if (OperatingSystem.IsWindows())
        {
            // Windows has no way to send one process Ctrl-C without its console; the token's path is tested in process.
            return;
        }

        using var folder = new TemporaryFolder();
        string target = folder.File("out");
        using Process process = Start(
            "run",
            "--device",
            device,
            "--model",
            model,
            "--preset",
            "standard",
            "--layers",
            "2",
            "--weights",
            weights,
            "--out",
            target
        );
        string said = "";
        while (!said.Contains(moment, StringComparison.Ordinal))
        {
            string? line = await process.StandardError.ReadLineAsync();
            Assert.True(line is not null, $"the program ended before it said '{moment}': {said}");
            said += line + "\n";
        }

        await Interrupt(process);
        Assert.Equal(ExitCodes.Interrupted, process.ExitCode);
        RunRecord record = RunRecordStore.Read(Path.Combine(target, "run.json"));
        Assert.Contains(record.Notes, note => note.Contains("interrupted", StringComparison.Ordinal));
        Assert.All(
            record.Points.Where(point => point.StepSeconds.StopReason == "interrupted"),
            point => Assert.False(point.Valid)
        );
    }

    /// <summary>A command that has nothing to save: a million draws for each device take minutes.</summary>
    [Fact]
    public async Task CtrlCEndsACommandThatOnlyComputes()
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }

        using Process process = Start("cost", "choose", "--model", "llama-3.1-70b", "--draws", "1000000");
        // By then it computes: starting takes half of that.
        Assert.True(
            SpinWait.SpinUntil(
                () =>
                {
                    process.Refresh();
                    return process.HasExited || process.TotalProcessorTime > TimeSpan.FromSeconds(3);
                },
                TimeSpan.FromMinutes(5)
            )
        );
        Assert.False(process.HasExited);
        await Interrupt(process);
        Assert.Equal(ExitCodes.Interrupted, process.ExitCode);
    }

    private static Process Start(params string[] arguments) =>
        Process.Start(
            new ProcessStartInfo(
                Environment.ProcessPath is string host && Path.GetFileNameWithoutExtension(host) == "dotnet"
                    ? host
                    : "dotnet",
                [typeof(CommandLineProgram).Assembly.Location, .. arguments]
            )
            {
                UseShellExecute = false,
                RedirectStandardError = true,
                RedirectStandardOutput = true,
            }
        )!;

    private static async Task Interrupt(Process process)
    {
        using (var kill = Process.Start("kill", ["-INT", process.Id.ToString()]))
        {
            await kill.WaitForExitAsync();
        }

        await process.StandardOutput.ReadToEndAsync();
        await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
    }
}
