using GpuDecodeBench.Measurement.Telemetry.Traces;

namespace GpuDecodeBench.Measurement.Telemetry.Recording;

/// <summary>
/// Samples a source on a thread of its own, at the source's own rate, into bounded memory. A source that throws or loses its
/// device ends nothing: the samples say so.
/// </summary>
public sealed class TelemetryRecorder : IDisposable
{
    /// <summary>Entries that are kept: more than half an hour at ten a second as sampled, longer runs coarser.</summary>
    public const int DefaultCapacity = 1 << 15;

    /// <summary>The failure code of a sample whose source threw.</summary>
    public const string SourceThrew = "source.threw";

    /// <summary>Events that are kept.</summary>
    private const int MostEvents = 1 << 16;

    /// <summary>The shortest time between two samples as a rule, in seconds: sensors that are faster are read no faster.</summary>
    private const double ShortestPeriodSeconds = 0.05;

    /// <summary>The same while the instants are wanted at which a sensor's value changes.</summary>
    private const double ShortestEdgePeriodSeconds = 0.01;

    private const double LongestPeriodSeconds = 1;

    /// <summary>The period of a source whose own is not known.</summary>
    private const double UnknownPeriodSeconds = 0.1;

    private const double EdgesPerUpdate = 8;

    /// <summary>After so many failures in a row a source is asked once a second, so that a lost device costs nothing.</summary>
    private const int PatientFailures = 20;

    private readonly Lock _gate = new();
    private readonly ITelemetrySource _source;
    private readonly ITelemetryTime _time;
    private readonly TelemetryBuffer _buffer;
    private readonly List<TelemetryEvent> _events = [];
    private IDisposable? _repetition;
    private double _startedSeconds;
    private double _stoppedSeconds;
    private double _readSeconds;
    private int _failuresInARow;
    private volatile bool _seeksEdges;

    /// <summary>A recorder that has not begun.</summary>
    /// <param name="source">What to sample; it stays the caller's.</param>
    /// <param name="time">The clock, and how to wait on it.</param>
    /// <param name="capacity">The most entries that are kept.</param>
    public TelemetryRecorder(ITelemetrySource source, ITelemetryTime time, int capacity = DefaultCapacity)
    {
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(time);
        _source = source;
        _time = time;
        _buffer = new TelemetryBuffer(capacity);
        double update = source.UpdatePeriodSeconds;
        update = double.IsFinite(update) && update > 0 ? update : UnknownPeriodSeconds;
        PeriodSeconds = Math.Clamp(update, ShortestPeriodSeconds, LongestPeriodSeconds);
        EdgePeriodSeconds = Math.Clamp(update / EdgesPerUpdate, ShortestEdgePeriodSeconds, PeriodSeconds);
    }

    /// <summary>The time between two samples, in seconds: the source's update period, from 0.05 s to 1 s.</summary>
    public double PeriodSeconds { get; }

    /// <summary>The time between two samples while <see cref="SeeksEdges"/>, in seconds: an eighth of the update period.</summary>
    public double EdgePeriodSeconds { get; }

    /// <summary>Whether samples are taken faster than the source updates, to see when it does.</summary>
    public bool SeeksEdges
    {
        get => _seeksEdges;
        set => _seeksEdges = value;
    }

    /// <summary>Samples that told of a failure, or whose source threw.</summary>
    public int Failures { get; private set; }

    /// <summary>Samples that were dropped, because their time was not after that of the one before.</summary>
    public int Dropped
    {
        get
        {
            lock (_gate)
            {
                return _buffer.Dropped;
            }
        }
    }

    /// <summary>The time that was spent in the source's reads over the time recorded, a fraction; null before the first.</summary>
    public double? CostShare
    {
        get
        {
            lock (_gate)
            {
                double wall = (_repetition is null ? _stoppedSeconds : _time.NowSeconds) - _startedSeconds;
                return wall > 0 ? _readSeconds / wall : null;
            }
        }
    }

    /// <summary>Begins.</summary>
    public void Start()
    {
        if (_repetition is null)
        {
            _startedSeconds = _time.NowSeconds;
            _repetition = _time.Repeat(SampleOnce);
        }
    }

    /// <summary>Ends; what was recorded stays.</summary>
    public void Stop()
    {
        _repetition?.Dispose();
        if (_repetition is not null)
        {
            _stoppedSeconds = _time.NowSeconds;
            _repetition = null;
        }
    }

    /// <summary>Notes an event at this instant.</summary>
    /// <returns>The instant, in seconds.</returns>
    public double Mark(TelemetryEventKind kind, string? label = null, long? count = null)
    {
        double now = _time.NowSeconds;
        lock (_gate)
        {
            if (_events.Count < MostEvents)
            {
                _events.Add(new TelemetryEvent(now, kind, label, count));
            }
        }

        return now;
    }

    /// <summary>The entries of a stretch of time, both ends included.</summary>
    /// <param name="fromSeconds">Its begin, in seconds.</param>
    /// <param name="toSeconds">Its end, in seconds.</param>
    public IReadOnlyList<TelemetryEntry> Between(double fromSeconds, double toSeconds)
    {
        lock (_gate)
        {
            return
            [
                .. _buffer.Entries.Where(entry =>
                    entry.Sample.Seconds >= fromSeconds && entry.Sample.Seconds <= toSeconds
                ),
            ];
        }
    }

    /// <summary>The events of a stretch of time, both ends included.</summary>
    public IReadOnlyList<TelemetryEvent> EventsBetween(double fromSeconds, double toSeconds)
    {
        lock (_gate)
        {
            return [.. _events.Where(one => one.Seconds >= fromSeconds && one.Seconds <= toSeconds)];
        }
    }

    /// <summary>Everything recorded so far.</summary>
    /// <param name="deviceName">The device, for the trace's head.</param>
    public TelemetryTrace ToTrace(string deviceName)
    {
        lock (_gate)
        {
            return new TelemetryTrace
            {
                Source = _source.Name,
                Description = _source.Description,
                DeviceName = deviceName,
                UpdatePeriodSeconds = _source.UpdatePeriodSeconds,
                Samples = [.. _buffer.Entries.Select(entry => entry.Sample)],
                Events = [.. _events],
                DroppedSamples = _buffer.Dropped,
            };
        }
    }

    /// <summary>Ends.</summary>
    public void Dispose() => Stop();

    private double SampleOnce()
    {
        double before = _time.NowSeconds;
        TelemetrySample sample;
        try
        {
            sample = _source.Read();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The measurement goes on without the sensor; nothing that a driver does may end a run.
            sample = new TelemetrySample { Seconds = _time.NowSeconds, FailureCode = SourceThrew };
        }

        double after = _time.NowSeconds;
        bool failed = sample.FailureCode is not null;
        lock (_gate)
        {
            _readSeconds += after - before;
            _failuresInARow = failed ? _failuresInARow + 1 : 0;
            Failures += failed ? 1 : 0;
            _buffer.Add(sample);
        }

        double period = _seeksEdges ? EdgePeriodSeconds : PeriodSeconds;
        return _failuresInARow >= PatientFailures ? LongestPeriodSeconds : Math.Max(0, period - (after - before));
    }
}
