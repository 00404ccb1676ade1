using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Measurement.Telemetry.Energy;
using GpuDecodeBench.Measurement.Telemetry.Recording;
using GpuDecodeBench.Measurement.Telemetry.Traces;
using GpuDecodeBench.Measurement.Telemetry.Validity;
using GpuDecodeBench.Workload;

namespace GpuDecodeBench.Measurement.Tests.Telemetry;

public class TraceTests
{
    [Fact]
    public void AWrittenTraceReadsBackToTheLastBit()
    {
        TelemetryTrace trace = Recorded(out _);
        TelemetryTrace read = TraceReader.Parse(Text(trace), "trace.csv");
        Assert.Equal(trace.Source, read.Source);
        Assert.Equal(trace.DeviceName, read.DeviceName);
        Assert.Equal(trace.UpdatePeriodSeconds, read.UpdatePeriodSeconds);
        Assert.Equal(trace.Samples, read.Samples);
        Assert.Equal(trace.Events, read.Events);
    }

    [Fact]
    public void EnergyComesOutOfAFileAsItDidInTheRun()
    {
        TelemetryTrace trace = Recorded(out TrialEnergy live);
        TelemetryTrace read = TraceReader.Parse(Text(trace), "trace.csv");
        double begin = read.Events.Single(one => one.Kind == TelemetryEventKind.TrialBegin).Seconds;
        double end = read.Events.Single(one => one.Kind == TelemetryEventKind.TrialEnd).Seconds;
        TelemetryEntry[] entries =
        [
            .. read.Entries().Where(entry => entry.Sample.Seconds >= begin && entry.Sample.Seconds <= end),
        ];
        var gpu = new SimulatedGpu(new VirtualTelemetryTime());
        TrialEnergy again = TrialEnergy.Of(
            new TelemetryWindow(begin, end, entries),
            read.Events,
            gpu.Behaviour,
            gpu.Channel
        );
        Assert.Equal(live.Counter, again.Counter);
        Assert.Equal(live.Integrated, again.Integrated);
        Assert.Equal(live.Segments, again.Segments);
    }

    [Fact]
    public void AReplayTellsWhatWasRecordedAndFallsSilentWhereItDid()
    {
        TelemetrySample[] samples =
        [
            .. Enumerable
                .Range(0, 10)
                .Select(i => new TelemetrySample { Seconds = 50 + (0.1 * i), PowerInstantWatts = 100 + i }),
            new TelemetrySample { Seconds = 60, PowerInstantWatts = 300 },
        ];
        var time = new VirtualTelemetryTime(7);
        using var replay = new ReplayTelemetrySource(
            new TelemetryTrace
            {
                Source = "nvml",
                UpdatePeriodSeconds = 0.1,
                Samples = samples,
            },
            time
        );
        Assert.Equal(100, replay.Read().PowerInstantWatts);
        time.Advance(0.55);
        Assert.Equal(105, replay.Read().PowerInstantWatts);
        Assert.Equal(time.NowSeconds, replay.Read().Seconds);
        time.Advance(4);
        Assert.Equal("replay.gap", replay.Read().FailureCode);
        time.Advance(5.5);
        Assert.Equal(300, replay.Read().PowerInstantWatts);
        time.Advance(5);
        Assert.Equal("replay.ended", replay.Read().FailureCode);
        TelemetryCapability clock = replay.Capabilities.Single(one => one.Quantity == TelemetryQuantity.CoreClock);
        Assert.Equal("replay.notInTrace", clock.ReasonCode);
    }

    /// <summary>Whatever the line at which a copy broke off, it is noticed.</summary>
    [Fact]
    public void ATruncatedFileIsRefusedWhereverItEnds()
    {
        string[] lines = Text(Recorded(out _)).TrimEnd('\n').Split('\n');
        foreach (int kept in (int[])[0, 1, 4, 5, 6, 7, 20, lines.Length - 1])
        {
            var exception = Assert.Throws<InputException>(() =>
                TraceReader.Parse(string.Join('\n', lines.Take(kept)), "trace.csv")
            );
            Assert.Contains("trace.csv", exception.Message, StringComparison.Ordinal);
            Assert.DoesNotContain('\n', exception.Message);
        }

        string[] withoutOne = [.. lines.Take(20), .. lines.Skip(21)];
        Assert.Contains(
            "lines are missing",
            Assert.Throws<InputException>(() => TraceReader.Parse(string.Join('\n', withoutOne), "trace.csv")).Message,
            StringComparison.Ordinal
        );
    }

    [Theory]
    [InlineData("abc,,,,1,,,,,,,,,,", "line 7, column seconds", "abc")]
    [InlineData("1,,,,x12,,,,,,,,,,", "line 7, column energyJoules", "x12")]
    [InlineData("1,,,,1,NaN,,,,,,,,,", "line 7, column powerInstantWatts", "NaN")]
    [InlineData("1,,,,1,2,,,,,,1e999,,,", "line 7, column throttleReasons", "1e999")]
    [InlineData(",,,,1,2,,,,,,,,,", "line 7, column seconds", "empty")]
    [InlineData("1,boom,,,,,,,,,,,,,", "line 7, column event", "boom")]
    [InlineData("1,segmentEnd,,many,,,,,,,,,,,", "line 7, column count", "many")]
    [InlineData("1,2,3", "line 7", "15")]
    public void WrongCellsAreNamed(string row, string place, string fact)
    {
        string text = Text(
            new TelemetryTrace
            {
                Source = "t",
                UpdatePeriodSeconds = 0.1,
                Samples = [],
            }
        );
        string[] lines = text.Split('\n');
        string broken = string.Join('\n', [.. lines.Take(6), row, "# end, 1 rows", ""]);
        string message = Assert.Throws<InputException>(() => TraceReader.Parse(broken, "t.csv")).Message;
        Assert.Contains(place, message, StringComparison.Ordinal);
        Assert.Contains(fact, message, StringComparison.Ordinal);
    }

    [Fact]
    public void DuplicateAndBackwardRowsAreDroppedAndCounted()
    {
        string text = Text(
            new TelemetryTrace
            {
                Source = "t",
                UpdatePeriodSeconds = 0.1,
                Samples = [.. ((double[])[1, 2, 2, 1.5, 3]).Select(s => new TelemetrySample { Seconds = s })],
            }
        );
        TelemetryTrace read = TraceReader.Parse(text, "t.csv");
        Assert.Equal([1, 2, 3], read.Samples.Select(sample => sample.Seconds));
        Assert.Equal(2, read.DroppedSamples);
    }

    [Fact]
    public void AWrappingCounterIsUnwrappedWhereTheFileSaysItsRange()
    {
        string text = Text(
                new TelemetryTrace
                {
                    Source = "rapl",
                    UpdatePeriodSeconds = 0.1,
                    Samples =
                    [
                        .. ((double[])[900, 990, 40, 130, 20]).Select(
                            (joules, i) => new TelemetrySample { Seconds = i, EnergyJoules = joules }
                        ),
                    ],
                }
            )
            .Replace("# device", "# energyRangeJoules: 1000\n# device", StringComparison.Ordinal);
        Assert.Equal(
            [900, 990, 1040, 1130, 2020],
            TraceReader.Parse(text, "t.csv").Samples.Select(sample => sample.EnergyJoules!.Value)
        );
    }

    [Fact]
    public void AMissingFileIsOneSentence() =>
        Assert.Contains(
            "no-such-trace.csv cannot be read",
            Assert.Throws<InputException>(() => TraceReader.Read("no-such-trace.csv")).Message,
            StringComparison.Ordinal
        );

    private static string Text(TelemetryTrace trace)
    {
        var text = new StringWriter { NewLine = "\n" };
        using (
            var writer = new TraceWriter(
                text,
                trace.Source,
                trace.Description,
                trace.DeviceName,
                trace.UpdatePeriodSeconds
            )
        )
        {
            writer.AddAll(trace);
        }

        return text.ToString();
    }

    private static TelemetryTrace Recorded(out TrialEnergy live)
    {
        var time = new VirtualTelemetryTime(100);
        var gpu = new SimulatedGpu(time);
        using var recorder = new TelemetryRecorder(gpu, time);
        recorder.Start();
        time.Advance(1);
        var loop = new EnergyLoop(recorder, time, gpu.Behaviour, gpu.Channel, new Random(1));
        (double begin, double end) = loop.Run(
            "a, \"point\"",
            2,
            0.1,
            count => gpu.Work(0.1 * count, 300, 350),
            default
        );
        time.Advance(0.5);
        live = TrialEnergy.Of(
            new TelemetryWindow(begin, end, recorder.Between(begin, end)),
            recorder.EventsBetween(begin, end),
            gpu.Behaviour,
            gpu.Channel
        );
        TelemetryTrace trace = recorder.ToTrace("simulated device");
        // Labels lose what would need quotes.
        return trace with
        {
            Events = [.. trace.Events.Select(one => one with { Label = one.Label is null ? null : "a;  point " })],
        };
    }
}
