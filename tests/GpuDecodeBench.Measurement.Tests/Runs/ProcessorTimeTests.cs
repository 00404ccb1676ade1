using GpuDecodeBench.Measurement.Doctor;
using GpuDecodeBench.Measurement.Runs;
using GpuDecodeBench.Measurement.Telemetry.Validity;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Tests.Runs;

/// <summary>Who had the host's processors while samples were taken, by counters that a test sets.</summary>
public sealed class ProcessorTimeTests : IDisposable
{
    private readonly ScriptedHost _host = new();
    private readonly ScriptedDevice _device;
    private double[]? _waits = [7, 3];

    public ProcessorTimeTests() => _device = new ScriptedDevice { Threads = 2, ThreadWaits = () => _waits };

    public void Dispose() => _device.Dispose();

    [Fact]
    public void TheMostHeldUpThreadOfEachTurnCounts()
    {
        var time = new ProcessorTime(_device, _host);
        Turn(time, 1, () => _waits = [7.2, 3.1]);
        // What passes between turns is nobody's.
        _waits = [20, 20];
        Turn(time, 1, () => _waits = [20, 20.1]);
        Assert.Equal((0.2 + 0.1) / 2, time.ToRecord()!.WaitingShare.Value!.Value, 9);
    }

    [Fact]
    public void StolenTimeIsAShareOfWhatWorkWanted()
    {
        _host.Counters = _host.Counters with { StolenSeconds = 50, BusySeconds = 10 };
        var time = new ProcessorTime(_device, _host);
        Turn(time, 1, () => _host.Counters = _host.Counters with { StolenSeconds = 50.5, BusySeconds = 11.5 });
        Assert.Equal(0.25, time.ToRecord()!.StolenShare.Value!.Value, 9);
    }

    [Fact]
    public void OthersAreAShareOfAllProcessors()
    {
        _host.Counters = _host.Counters with { BusySeconds = 10, OwnSeconds = 4 };
        var time = new ProcessorTime(_device, _host);
        // Of 2 × 4 s of two processors 7 s were busy, 5 s of them with this process.
        Turn(time, 4, () => _host.Counters = _host.Counters with { BusySeconds = 17, OwnSeconds = 9 });
        Assert.Equal(0.25, time.ToRecord()!.OthersShare.Value!.Value, 9);
        // Ticks that are counted late are nobody's work.
        Turn(time, 4, () => _host.Counters = _host.Counters with { BusySeconds = 17, OwnSeconds = 14 });
        Assert.Equal(0, time.ToRecord()!.OthersShare.Value);
    }

    [Fact]
    public void WhatIsNotToldIsNotZero()
    {
        var time = new ProcessorTime(_device, _host);
        Turn(time, 1, () => _waits = null);
        _waits = [0, 0];
        Turn(time, 1, () => { });
        ProcessorTimeRecord seen = time.ToRecord()!;
        foreach (Figure figure in (Figure[])[seen.WaitingShare, seen.StolenShare, seen.OthersShare])
        {
            Assert.Null(figure.Value);
            Assert.Equal("notTold", figure.Provenance.Reason);
        }

        Assert.Empty(ProcessorTime.Codes(seen));
    }

    [Fact]
    public void ADeviceOfItsOwnIsNotLookedAt()
    {
        using var gpu = new ScriptedDevice { Threads = null };
        var time = new ProcessorTime(gpu, _host);
        Turn(time, 1, () => { });
        Assert.Null(time.ToRecord());
        Assert.Equal(0, _host.Readings);
        Assert.Empty(ProcessorTime.Codes(null));
    }

    [Theory]
    [InlineData(0.0099, 0, 0, "")]
    [InlineData(0.01, 0, 0, "threadsWaited warning")]
    [InlineData(0.0499, 0, 0, "threadsWaited warning")]
    [InlineData(0.05, 0, 0, "threadsWaited invalid")]
    [InlineData(0, 0.0099, 0, "")]
    [InlineData(0, 0.0999, 0, "timeStolen warning")]
    [InlineData(0, 0.1, 0, "timeStolen invalid")]
    [InlineData(0, 0, 0.0499, "")]
    [InlineData(0, 0, 0.9, "otherProcess warning")]
    public void SharesHaveTheirCodes(double waiting, double stolen, double others, string expected)
    {
        var seen = new ProcessorTimeRecord
        {
            WaitingShare = Figure.Derived(waiting),
            StolenShare = Figure.Derived(stolen),
            OthersShare = Figure.Derived(others),
        };
        string codes = string.Join(
            ", ",
            ProcessorTime.Codes(seen).Select(one => $"{one.Code} {(one.IsInvalid ? "invalid" : "warning")}")
        );
        Assert.Equal(expected, codes);
    }

    /// <summary>Every step takes the same time, so that nothing else shows it: a tenth of it the second thread waits.</summary>
    [Fact]
    public void AStepThatIsSteadilyHeldUpIsInvalid()
    {
        using var device = new ScriptedDevice
        {
            Threads = 2,
            ThreadWaits = () => _waits,
            BeforeStep = _ =>
            {
                _host.Counters = _host.Counters with { Seconds = _host.Counters.Seconds + 0.05 };
                _waits = [_waits![0], _waits[1] + 0.005];
            },
        };
        PointRecord point = RunRequests
            .Run(device, RunRequests.Create(RunRequests.Point()) with { Host = _host })
            .Record.Points[0];
        Assert.False(point.Valid);
        Assert.Equal([PointCodes.ThreadsWaited], point.InvalidReasons);
        Assert.Equal(0.1, point.ProcessorTime!.WaitingShare.Value!.Value, 6);

        using var quiet = new ScriptedDevice
        {
            Threads = 2,
            BeforeStep = device.BeforeStep,
            ThreadWaits = () => [1, 1],
        };
        PointRecord good = RunRequests
            .Run(quiet, RunRequests.Create(RunRequests.Point()) with { Host = _host })
            .Record.Points[0];
        Assert.True(good.Valid);
        Assert.Equal(0, good.ProcessorTime!.WaitingShare.Value);
        Assert.DoesNotContain(TelemetryCodes.OtherProcess, good.Warnings);
    }

    private void Turn(ProcessorTime time, double seconds, Action happens)
    {
        time.Begin();
        _host.Counters = _host.Counters with { Seconds = _host.Counters.Seconds + seconds };
        happens();
        time.End();
    }
}
