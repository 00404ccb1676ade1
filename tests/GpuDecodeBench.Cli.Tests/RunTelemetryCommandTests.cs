using GpuDecodeBench.Measurement.Doctor;
using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Measurement.Telemetry.Traces;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Cli.Tests;

/// <summary>A run on a device whose sensors can be read, from end to end.</summary>
public sealed class RunTelemetryCommandTests
{
    [Fact]
    public void ARunKeepsItsTraceAndSaysWhyThereIsNoEnergy()
    {
        using var folder = new TemporaryFolder();
        string target = folder.File("out");
        using var output = new StringWriter();
        using var error = new StringWriter();
        string[] arguments =
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
            "--weights",
            "bf16",
            "--out",
            target,
        ];
        int exitCode = CommandLineProgram.Run(
            arguments,
            new CommandContext(output, error, CancellationToken.None)
            {
                OpenTelemetry = _ => new SteadySource(),
                Host = new DailyHost(),
            }
        );
        Assert.True(exitCode == ExitCodes.Done, error.ToString());
        RunRecord record = RunRecordStore.Read(Path.Combine(target, "run.json"));
        Assert.Equal("telemetry.csv", record.Telemetry!.TraceFile);
        Assert.Equal("steady", record.Telemetry.Source);
        TelemetryTrace trace = TraceReader.Read(Path.Combine(target, "telemetry.csv"));
        Assert.NotEmpty(trace.Samples);
        Assert.All(trace.Samples, sample => Assert.Equal(100, sample.PowerInstantWatts));
        Assert.Equal("windowTooShort", record.Points.Single().EnergyJoulesPerToken.Provenance.Reason);
        // With a day between two readings it does not matter how busy this machine is.
        Assert.Equal("notTold", record.Points.Single().ProcessorTime!.OthersShare.Provenance.Reason);
        string text = output.ToString().ReplaceLineEndings(" ");
        Assert.Contains("No energy: the time allowed was too short for it", text, StringComparison.Ordinal);
        Assert.Contains(" GB/s, 100 W", error.ToString(), StringComparison.Ordinal);
        // On a busy machine too few steps fit into a second, and the point says so.
        string valid = record.Points.Single().Valid ? "Points: 1, 1 valid" : "Points: 1, 0 valid";
        Assert.Contains(valid, error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>A host that tells the time, a day later at each reading, and nothing else.</summary>
    private sealed class DailyHost : IHostReader
    {
        private double _seconds;

        public HostCounters ReadCounters() => new() { Seconds = _seconds += 86_400 };

        public HostObservation Read() =>
            new()
            {
                Before = new HostCounters { Seconds = _seconds },
                LogicalProcessors = 2,
                UsableProcessors = 2,
            };
    }

    private sealed class SteadySource : ITelemetrySource
    {
        public string Name => "steady";

        public string Description => "always 100 W";

        public double UpdatePeriodSeconds => 0.1;

        public IReadOnlyList<TelemetryCapability> Capabilities =>
            [
                .. Enum.GetValues<TelemetryQuantity>()
                    .Select(quantity => new TelemetryCapability(
                        quantity,
                        "steady",
                        quantity == TelemetryQuantity.PowerInstant ? null : "steady.none"
                    )),
            ];

        public TelemetrySample Read() => new() { Seconds = TelemetryClock.NowSeconds, PowerInstantWatts = 100 };

        public DeviceState ReadState() => new();

        public void Dispose() { }
    }
}
