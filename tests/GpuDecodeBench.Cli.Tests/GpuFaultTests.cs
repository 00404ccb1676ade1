using GpuDecodeBench.Backends;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Cli.Tests;

/// <summary>What a user is told when a GPU is not to be had, or fails: faults put into the emulated one.</summary>
public sealed class GpuFaultTests
{
    private static readonly string[] s_run =
    [
        "run",
        "--model",
        "tiny",
        "--layers",
        "1",
        "--context",
        "20",
        "--max-seconds",
        "1",
        "--weights",
    ];

    [Theory]
    [InlineData("emulator:no-device", "GPU")]
    [InlineData("emulator:old-driver", "11.4|11.8|update the driver")]
    [InlineData("emulator:memory-taken", "needs|MB that are free")]
    public void AGpuThatIsNotToBeHadIsAnAnswerWithItsOwnExitCode(string device, string facts)
    {
        using var folder = new TemporaryFolder();
        using var run = new CommandRunner([.. s_run, "bf16", "--device", device, "--out", folder.File("out")]);
        Assert.Equal(ExitCodes.Unavailable, run.ExitCode);
        Assert.All(facts.Split('|'), fact => Assert.Contains(fact, run.Error, StringComparison.Ordinal));
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void TheSentenceOfADriverWithoutAGpuStandsWithinTheRefusal()
    {
        using var run = new CommandRunner(new NoGpuBackend(), [.. s_run, "bf16", "--device", "none:0"]);
        run.AssertRefused(
            ExitCodes.Unavailable,
            "--device none:0 is not available: The driver shows no GPU; accepted here: auto, cpu"
        );
    }

    [Fact]
    public void ADriverTooOldForAGpusOwnKernelsRunsThoseOfAnOlderOne()
    {
        using var run = new CommandRunner(
            "verify",
            "--model",
            "tiny",
            "--layers",
            "1",
            "--context",
            "20",
            "--weights",
            "int4",
            "--device",
            "emulator:sm_90:driver-11.8"
        );
        Assert.True(run.ExitCode == ExitCodes.Done, run.Error);
    }

    [Fact]
    public void AnAllocationThatFailsHalfwaySaysWhatItWasForAndHowMuchIsFree()
    {
        using var folder = new TemporaryFolder();
        using var run = new CommandRunner([
            .. s_run,
            "bf16",
            "--device",
            "emulator:allocation",
            "--out",
            folder.File("out"),
        ]);
        Assert.Equal(ExitCodes.Unavailable, run.ExitCode);
        Assert.Contains("weights", run.Error, StringComparison.Ordinal);
        Assert.Contains("free", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void AKernelThatFaultsEndsTheRunWithARecordOfWhatWasDone()
    {
        using var folder = new TemporaryFolder();
        string target = folder.File("out");
        using var run = new CommandRunner([.. s_run, "bf16", "--device", "emulator:kernel=argmax", "--out", target]);
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        Assert.Contains("argmax", run.Error, StringComparison.Ordinal);
        Assert.Contains("illegal", run.Error, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("   at ", run.Error, StringComparison.Ordinal);
        RunRecord record = RunRecordStore.Read(Path.Combine(target, "run.json"));
        Assert.Empty(record.Points);
        Assert.Contains(record.Notes, note => note.Contains("argmax", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("run")]
    public void ALaunchThatDoesNotWaitWhenTimedFailsTheCheck(string command)
    {
        using var folder = new TemporaryFolder();
        string[] more = command == "run" ? ["--max-seconds", "1", "--out", folder.File("out")] : [];
        using var run = new CommandRunner([
            command,
            "--model",
            "tiny",
            "--layers",
            "1",
            "--context",
            "20",
            "--weights",
            "bf16",
            "--device",
            "emulator:early=argmax",
            .. more,
        ]);
        Assert.Equal(ExitCodes.Failed, run.ExitCode);
        string said = (run.Output + run.Error).ReplaceLineEndings(" ");
        Assert.Contains("timed step 1 of 2 does not repeat the traced one", said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("emulator:kernel=foo", "kernel=foo names no kernel of sm_80")]
    [InlineData("emulator:early=argmx", "argmax")]
    [InlineData("emulator:kernel=linear", "linear_")]
    [InlineData("emulator:kernel=", "resources.tsv")]
    [InlineData("emulator:kernel=argmaxx:sm_90", "kernel of sm_90; the nearest are argmax,")]
    public void AKernelThatThereIsNotCannotFaultAndIsRefusedWithTheNearest(string device, string fact)
    {
        using var run = new CommandRunner("verify", "--model", "tiny", "--device", device);
        run.AssertRefused(ExitCodes.BadInput, device, "the nearest are", fact);
    }

    /// <summary>It has kernels of its own, which older devices do not run.</summary>
    [Fact]
    public void AKernelOfANewerArchitectureIsUnknownToAnOlderOne()
    {
        using var run = new CommandRunner(
            "verify",
            "--model",
            "tiny",
            "--device",
            "emulator:sm_75:kernel=read_stream_bulk"
        );
        run.AssertRefused(ExitCodes.BadInput, "sm_75");
    }

    [Fact]
    public void AnEmulatorOptionThatDoesNotExistIsRefusedWithThoseThatDo()
    {
        using var run = new CommandRunner("run", "--model", "tiny", "--device", "emulator:sm_60");
        run.AssertRefused(ExitCodes.BadInput, "sm_60", "sm_75", "kernel=NAME");
    }

    [Fact]
    public void TimesOfTheEmulatorAreNeverValid()
    {
        using var folder = new TemporaryFolder();
        string target = folder.File("out");
        using var run = new CommandRunner([.. s_run, "int4", "--device", "emulator", "--out", target]);
        Assert.True(run.ExitCode == ExitCodes.Done, run.Error);
        PointRecord point = Assert.Single(RunRecordStore.Read(Path.Combine(target, "run.json")).Points);
        Assert.False(point.Valid);
        Assert.Contains("deviceOnlyProves", point.InvalidReasons);
        Assert.True(point.Verification?.Passed);
    }

    /// <summary>A driver without a GPU.</summary>
    private sealed class NoGpuBackend : IDecodeBackend
    {
        public string Name => "none";

        public IReadOnlyList<DeviceDescription> FindDevices() =>
            [
                new DeviceDescription
                {
                    Id = "none:0",
                    Name = "no GPU",
                    Backend = Name,
                    UnavailableReason = "The driver shows no GPU.",
                },
            ];

        public IDecodeDevice Open(string deviceId) => throw new DeviceUnavailableException(deviceId);
    }
}
