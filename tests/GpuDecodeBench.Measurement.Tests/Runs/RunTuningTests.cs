using GpuDecodeBench.Backends;
using GpuDecodeBench.Measurement.Environment;
using GpuDecodeBench.Measurement.Runs;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload;
using GpuDecodeBench.Workload.Formats;

namespace GpuDecodeBench.Measurement.Tests.Runs;

public sealed class RunTuningTests
{
    private static readonly TuningEntry s_entry = new()
    {
        Operation = "linear",
        Shape = "bf16 64x32, 1 matrix, 1 token",
        Guess = "slow",
        Choice = "fast",
        GuessSeconds = 2e-6,
        ChosenSeconds = 1e-6,
        CandidatesTried = 4,
    };

    [Fact]
    public void PointsShareTheTimeThatIsLeft()
    {
        using var device = new TunableDevice
        {
            Find = device => device.Tuning with { Seconds = device.Tuning.Seconds + 1 },
        };
        RunRequest request = RunRequests.Create(
            RunRequests.Point(),
            RunRequests.Point(WeightFormat.Int8),
            RunRequests.Point(WeightFormat.Int4)
        );
        Run(device, request with { Preset = request.Preset with { TuningSeconds = 6 } });
        Assert.Equal([2.0, 2.5, 4.0], device.Limits.Select(limit => limit.TotalSeconds));
    }

    [Fact]
    public void ABatchMoreHasShapesOfItsOwnAndAddsTimeForThem()
    {
        using var device = new TunableDevice();
        RunRequest request = RunRequests.Create([
            .. Enumerable.Range(1, 6).Select(batch => RunRequests.Point(batch: batch)),
        ]);
        Run(device, request with { Preset = request.Preset with { TuningSeconds = 6 } });
        Assert.Equal([2.0, 2.4, 3.0, 4.0, 6.0, 12.0], device.Limits.Select(limit => limit.TotalSeconds));
    }

    [Fact]
    public void ARunThatMayTakeLittleTimeTunesNoLonger()
    {
        using var device = new TunableDevice();
        RunRequest request = RunRequests.Create(RunRequests.Point());
        Run(device, request with { Preset = request.Preset with { TuningSeconds = 6 }, MaxSeconds = 1.5 });
        Assert.Equal(1.5, Assert.Single(device.Limits).TotalSeconds);
    }

    [Fact]
    public void WhatWasFoundIsInTheRecordAndCanBeGivenToTheNextRun()
    {
        using var device = new TunableDevice { Find = _ => new TuningReport([s_entry], 0.25, EndedByLimit: true, []) };
        RunRequest request = RunRequests.Create(RunRequests.Point());
        RunRecord written = Run(device, request).Record;
        RunRecord record = RunRecordStore.Parse(RunRecordStore.Serialize(written, "test"), "test");
        Assert.Equal(0.25, record.Tuning!.Seconds);
        Assert.True(record.Tuning.EndedByLimit);
        TunedShape shape = Assert.Single(record.Tuning.Shapes);
        Assert.Equal("fast", shape.Choice);
        Assert.Equal(1e-6, shape.ChosenSeconds);
        Assert.False(shape.Reused);

        IReadOnlyList<TuningEntry> read = RunTuning.Of(record, "run.json", request.Tool, device);
        using var next = new TunableDevice();
        Run(next, request with { Tuning = read });
        Assert.Equal([s_entry], next.Given);
    }

    [Fact]
    public void ADeviceThatTriedNothingLeavesNoTuningInTheRecord()
    {
        using var tunable = new TunableDevice();
        Assert.Null(Run(tunable, RunRequests.Create(RunRequests.Point())).Record.Tuning);
        using var other = new ScriptedDevice();
        Assert.Null(RunRequests.Run(other, RunRequests.Create(RunRequests.Point())).Record.Tuning);
    }

    [Fact]
    public void AGivenChoiceThatDoesNotFitIsNoted()
    {
        using var device = new TunableDevice { Find = _ => new TuningReport([], 0, EndedByLimit: false, [s_entry]) };
        var observer = new RecordingObserver();
        RunRecord record = Run(device, RunRequests.Create(RunRequests.Point()), observer).Record;
        string note = Assert.Single(observer.Notes);
        Assert.Contains("bf16 64x32", note, StringComparison.Ordinal);
        Assert.Contains("\"fast\"", note, StringComparison.Ordinal);
        Assert.Equal([note], record.Notes);
    }

    [Fact]
    public void TuningOfAnotherDeviceOrVersionOrOfNoneIsRefused()
    {
        using var device = new TunableDevice { Find = _ => new TuningReport([s_entry], 1, EndedByLimit: false, []) };
        RunRequest request = RunRequests.Create(RunRequests.Point());
        RunRecord record = Run(device, request).Record;
        Refuses(record with { Device = record.Device with { Name = "another" } }, device, "another|scripted device");
        Refuses(record with { Tool = record.Tool with { Version = "9.9" } }, device, "9.9|0.0.0");
        Refuses(record with { Tuning = null }, device, "no tuning");
        using var other = new ScriptedDevice();
        Refuses(record, other, "nothing to tune");
    }

    [Fact]
    public void ARecordOfOtherKernelsSaysSoAndItsTuningIsForTheseAlone()
    {
        Func<TunableDevice, TuningReport> find = _ => new TuningReport([s_entry], 1, EndedByLimit: false, []);
        var kernels = new OtherKernels("/kernels", "nvcc 12.4.131", new string('7', 64));
        using var others = new TunableDevice { Find = find, OtherKernels = kernels };
        using var own = new TunableDevice { Find = find };
        RunRequest request = RunRequests.Create(RunRequests.Point());
        RunRecord ofOthers = Run(others, request).Record;
        RunRecord ofOwn = Run(own, request).Record;
        Assert.Equal("0.0.0+kernels.777777777777", ofOthers.Tool.Version);
        Assert.Equal(
            $"The kernels are not the program's own: those of /kernels were run, by nvcc 12.4.131, SHA-256 {kernels.Sha256}.",
            Assert.Single(ofOthers.Notes)
        );
        Assert.Equal("0.0.0", ofOwn.Tool.Version);
        Assert.Empty(ofOwn.Notes);

        Assert.Equal([s_entry], RunTuning.Of(ofOthers, "run.json", request.Tool, others));
        Refuses(ofOthers, own, "0.0.0+kernels.777777777777|a record of version 0.0.0 is required");
        Refuses(ofOwn, others, "is of version 0.0.0,|a record of version 0.0.0+kernels.777777777777 is required");
    }

    private static void Refuses(RunRecord record, IDecodeDevice device, string facts)
    {
        ToolInfo tool = RunRequests.Create(RunRequests.Point()).Tool;
        string message = Assert.Throws<InputException>(() => RunTuning.Of(record, "run.json", tool, device)).Message;
        Assert.All(facts.Split('|'), fact => Assert.Contains(fact, message, StringComparison.Ordinal));
    }

    private static RunOutcome Run(TunableDevice device, RunRequest request, RecordingObserver? observer = null) =>
        new BenchmarkRunner(device, EnvironmentCapture.Capture(1), observer ?? new RecordingObserver()).Run(
            request,
            DateTimeOffset.UnixEpoch,
            CancellationToken.None
        );
}
