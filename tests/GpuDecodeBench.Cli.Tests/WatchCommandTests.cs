using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Measurement.Telemetry.Traces;

namespace GpuDecodeBench.Cli.Tests;

/// <summary><c>watch</c> with sensors that a test makes up; nothing here waits.</summary>
public sealed class WatchCommandTests
{
    private static readonly string[] s_header = TelemetryLines.Header.Split(',');

    [Fact]
    public void EachReadingIsALineAndWhatIsNotToldIsEmpty()
    {
        (int code, string output, string error, ScriptedSensors sensors) = Watch("--interval", "2", "--seconds", "6");
        Assert.True(code == ExitCodes.Done, error);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(TelemetryLines.Header, lines[0].TrimEnd('\r'));
        Assert.Equal(4, lines.Length);
        Assert.Equal(3, sensors.Reads);
        Assert.Equal([TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(2)], sensors.Pauses);
        Assert.Equal("100.5", Cell(lines[1], "powerInstantWatts"));
        Assert.Equal("", Cell(lines[1], "powerAverageWatts"));
        Assert.Equal("36", Cell(lines[1], "throttleReasons"));
        Assert.Equal("nvml.gpuIsLost", Cell(lines[3], "failureCode"));
        Assert.Equal("", Cell(lines[3], "powerInstantWatts"));
        Assert.True(sensors.IsClosed);
    }

    [Fact]
    public void ATraceKeepsTheSameReadings()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File("trace.csv");
        (int code, string output, _, _) = Watch("--interval", "1", "--seconds", "2", "--trace", path);
        Assert.Equal(ExitCodes.Done, code);
        TelemetryTrace trace = TraceReader.Read(path);
        string[] lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(lines.Length - 1, trace.Samples.Count);
        Assert.Equal(Cell(lines[1], "powerInstantWatts"), $"{trace.Samples[0].PowerInstantWatts}");

        (code, _, string error, _) = Watch("--seconds", "1", "--trace", path);
        Assert.Equal(ExitCodes.BadInput, code);
        Assert.Contains($"--trace {path} cannot be made", error, StringComparison.Ordinal);
        Assert.Contains("Give a file that does not exist yet.", error, StringComparison.Ordinal);
    }

    [Fact]
    public void ATraceInAFolderThatIsNotThereIsRefusedForThat()
    {
        using var folder = new TemporaryFolder();
        string path = folder.File(Path.Combine("missing", "trace.csv"));
        (int code, string output, string error, _) = Watch("--seconds", "1", "--trace", path);
        Assert.Equal(ExitCodes.BadInput, code);
        Assert.Equal("", output);
        Assert.Contains("Give a file in a folder that exists", error, StringComparison.Ordinal);
        Assert.DoesNotContain("does not exist yet", error, StringComparison.Ordinal);
    }

    [Fact]
    public void AnEmptyNameOfATraceIsRefusedAsThat()
    {
        (int code, string output, string error, _) = Watch("--seconds", "1", "--trace", "");
        Assert.Equal(ExitCodes.BadInput, code);
        Assert.Equal("", output);
        Assert.Contains("--trace is empty; give a file", error, StringComparison.Ordinal);
        Assert.DoesNotContain("Parameter", error, StringComparison.Ordinal);
    }

    [Fact]
    public void AnInterruptionIsItsUsualEnd()
    {
        using var source = new CancellationTokenSource();
        (int code, string output, _, ScriptedSensors sensors) = Watch(source, stopAfter: 2);
        Assert.Equal(ExitCodes.Done, code);
        Assert.Equal(2, sensors.Reads);
        Assert.Equal(3, output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    [Theory]
    [InlineData("1e-9")]
    [InlineData("3601")]
    [InlineData("NaN")]
    public void AnIntervalThatNoSensorHasIsRefused(string interval)
    {
        (int code, string output, string error, ScriptedSensors sensors) = Watch("--interval", interval);
        Assert.Equal(ExitCodes.BadInput, code);
        Assert.Equal("", output);
        Assert.Contains($"--interval '{interval}'", error, StringComparison.Ordinal);
        Assert.Contains("from 0.01 to 3600", error, StringComparison.Ordinal);
        Assert.Equal(0, sensors.Reads);
    }

    [Fact]
    public void ADeviceWithoutSensorsIsAnAnswer()
    {
        using var error = new StringWriter();
        int code = CommandLineProgram.Run(
            ["watch", "--device", "emulator"],
            new CommandContext(TextWriter.Null, error, CancellationToken.None) { OpenTelemetry = _ => null }
        );
        Assert.Equal(ExitCodes.Unavailable, code);
        Assert.Contains("No sensors", error.ToString(), StringComparison.Ordinal);
    }

    private static string Cell(string line, string name) =>
        line.TrimEnd('\r').Split(',')[Array.IndexOf(s_header, name)];

    private static (int Code, string Output, string Error, ScriptedSensors Sensors) Watch(params string[] arguments) =>
        Watch(null, int.MaxValue, arguments);

    private static (int Code, string Output, string Error, ScriptedSensors Sensors) Watch(
        CancellationTokenSource? source,
        int stopAfter,
        params string[] arguments
    )
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var sensors = new ScriptedSensors();
        int code = CommandLineProgram.Run(
            ["watch", "--device", "emulator", .. arguments],
            new CommandContext(output, error, source?.Token ?? CancellationToken.None)
            {
                OpenTelemetry = _ => sensors,
                Pause = time =>
                {
                    sensors.Pauses.Add(time);
                    if (sensors.Reads >= stopAfter)
                    {
                        source!.Cancel();
                    }
                },
            }
        );
        return (code, output.ToString(), error.ToString(), sensors);
    }

    private sealed class ScriptedSensors : ITelemetrySource
    {
        public int Reads { get; private set; }

        public List<TimeSpan> Pauses { get; } = [];

        public bool IsClosed { get; private set; }

        public string Name => "scripted";

        public string Description => "made up by a test";

        public IReadOnlyList<TelemetryCapability> Capabilities => [];

        public double UpdatePeriodSeconds => 0.1;

        public TelemetrySample Read()
        {
            Reads++;
            return Reads == 3
                ? new TelemetrySample { Seconds = TelemetryClock.NowSeconds, FailureCode = "nvml.gpuIsLost" }
                : new TelemetrySample
                {
                    Seconds = TelemetryClock.NowSeconds,
                    PowerInstantWatts = 100.5,
                    ThrottleReasons = ThrottleReasons.SoftwarePowerCap | ThrottleReasons.SoftwareThermal,
                };
        }

        public DeviceState ReadState() => new();

        public void Dispose() => IsClosed = true;
    }
}
