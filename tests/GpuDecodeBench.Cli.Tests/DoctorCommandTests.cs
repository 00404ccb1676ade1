using System.Text.Json;
using GpuDecodeBench.Measurement.Doctor;

namespace GpuDecodeBench.Cli.Tests;

/// <summary><c>doctor</c> as a user calls it, on the emulated GPU.</summary>
public sealed class DoctorCommandTests
{
    [Fact]
    public void TheEmulatorsMemoryIsTestedAndItsTimesAreNotJudged()
    {
        using var run = new CommandRunner("doctor", "--device", "emulator", "-o", "json");
        Assert.True(run.ExitCode == ExitCodes.Done, run.Error + run.Output);
        using JsonDocument document = JsonDocument.Parse(run.Output);
        JsonElement table = document.RootElement[0];
        Dictionary<string, JsonElement> rows = table
            .GetProperty("rows")
            .EnumerateArray()
            .ToDictionary(row => row.GetProperty("id").GetString()!);
        Assert.Equal("PASS", rows["memory-pattern"].GetProperty("verdict").GetString());
        Assert.Equal("SKIP", rows["bandwidth-read"].GetProperty("verdict").GetString());
        Assert.Equal("emulated", rows["bandwidth-read"].GetProperty("reasonCode").GetString());
        Assert.DoesNotContain("cpu-quota", rows.Keys);
        string last = table.GetProperty("notes").EnumerateArray().Last().GetString()!;
        Assert.StartsWith("PASS", last, StringComparison.Ordinal);
        Assert.Contains("emulated", last, StringComparison.Ordinal);
        Assert.Contains("filling memory", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AKernelThatFaultsFailsItsCheckAndHasExitCodeOne()
    {
        using var run = new CommandRunner(
            "doctor",
            "--device",
            "emulator:kernel=memory_check",
            "--only",
            "memory-pattern,mig",
            "-o",
            "csv"
        );
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        string[] lines = run.Output.Split('\n');
        Assert.Contains(lines, line => line.StartsWith("FAIL,memory-pattern,", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("PASS,mig,", StringComparison.Ordinal));
    }

    /// <summary>The processor has no identity to look up, and no row would hide that it was asked for.</summary>
    [Fact]
    public void ACheckThatIsNamedHasARowWithItsReasonWhereTheDeviceHasNoSuchCheck()
    {
        using var run = new CommandRunner("doctor", "--device", "cpu", "--only", "identity,cpu-quota", "-o", "csv");
        Assert.Equal(ExitCodes.Done, run.ExitCode);
        string[] lines = run.Output.Split('\n');
        string identity = Assert.Single(lines, line => line.StartsWith("SKIP,identity,", StringComparison.Ordinal));
        Assert.Contains("a check of GPUs, and this is a CPU", identity, StringComparison.Ordinal);
        Assert.Contains("otherDevice", identity, StringComparison.Ordinal);
        Assert.Contains(lines, line => line.Contains(",cpu-quota,", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("cpu", "identity")]
    [InlineData("emulator", "cpu-quota,bandwidth-read")]
    public void WhereNothingThatWasAskedForCouldBeCheckedTheExitCodeIsThree(string device, string only)
    {
        using var run = new CommandRunner("doctor", "--device", device, "--only", only);
        Assert.Equal(ExitCodes.Unavailable, run.ExitCode);
        Assert.Contains("nothing that was asked for could be checked", run.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("emulator:no-device")]
    [InlineData("reference")]
    [InlineData("cuda:99")]
    public void ADeviceThatIsNotToBeHadOrHasNoHardwareHasExitCodeThree(string device)
    {
        using var run = new CommandRunner("doctor", "--device", device);
        run.AssertRefused(ExitCodes.Unavailable);
    }

    [Theory]
    [InlineData("--only", "memory,mig", "memory-pattern")]
    [InlineData("--skip", "", "memory-pattern")]
    [InlineData("--max-seconds", "0", "above 0")]
    public void WhatIsNotAcceptedIsAnsweredWithWhatIs(string option, string value, string accepted)
    {
        using var run = new CommandRunner("doctor", "--device", "emulator", option, value);
        run.AssertRefused(ExitCodes.BadInput, option, accepted);
    }

    [Fact]
    public void AnInterruptedExaminationSaysWhatItCouldNotDo()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        using var run = new CommandRunner(source.Token, "doctor", "--device", "emulator", "-o", "csv");
        Assert.Equal(ExitCodes.Interrupted, run.ExitCode);
        Assert.Contains("interrupted", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void TheListNamesEveryCheckAndTheDocsHaveAParagraphOnEach()
    {
        using var run = new CommandRunner("doctor", "--list", "-o", "json");
        using JsonDocument document = JsonDocument.Parse(run.Output);
        string[] listed =
        [
            .. document
                .RootElement[0]
                .GetProperty("rows")
                .EnumerateArray()
                .Select(row => row.GetProperty("id").GetString()!),
        ];
        Assert.Equal(DoctorChecks.All.Select(check => check.Id), listed);
        string page = File.ReadAllText(Repository.File("docs/doctor.md"));
        string[] headings =
        [
            .. page.Split('\n')
                .Where(line => line.StartsWith("## ", StringComparison.Ordinal))
                .Select(line => line[3..]),
        ];
        Assert.Equal(listed.Order(), headings.Order());
    }
}
