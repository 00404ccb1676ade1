using GpuDecodeBench.Backends;
using GpuDecodeBench.Measurement.Doctor;
using GpuDecodeBench.Measurement.Telemetry.Validity;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Runs;

/// <summary>
/// Who had the host's processors while a point was sampled: what its threads waited, what a hypervisor took, and what other processes
/// used. Steps that run on a device of its own are not looked at. Counters are read before and after a turn's samples, never within one.
/// </summary>
internal sealed class ProcessorTime
{
    /// <summary>The share of its time that a thread may wait before a point is invalid: the same as of slowed-down samples.</summary>
    public const double LongestWait = 0.05;

    /// <summary>The share from which a wait is worth saying: a quick run's interval is as wide.</summary>
    public const double NotableWait = 0.01;

    /// <summary>The share of stolen time from which a point is invalid, as <c>doctor</c> has it.</summary>
    public const double MostStolen = 0.10;

    /// <summary>The share from which stolen time is worth saying, as <c>doctor</c> has it.</summary>
    public const double NotablyStolen = 0.01;

    /// <summary>The share of all processors from which others are worth saying, as <c>doctor</c> has it.</summary>
    public const double NotableOthers = 0.05;

    private readonly IDecodeDevice _device;
    private readonly IHostReader? _host;
    private int _processors;
    private (HostCounters Counters, IReadOnlyList<double>? Waits)? _before;
    private double _seconds;
    private double? _waited = 0;
    private double? _stolen = 0;
    private double? _busy = 0;
    private double? _others = 0;

    /// <summary>Looks at a device's steps.</summary>
    /// <param name="device">The device.</param>
    /// <param name="host">Tells what the host's processors do; null where nobody looks.</param>
    public ProcessorTime(IDecodeDevice device, IHostReader? host)
    {
        _device = device;
        _host = device.Description is { IsForMeasuring: true, Threads: not null } ? host : null;
    }

    /// <summary>Samples are about to be taken.</summary>
    public void Begin()
    {
        if (_host is null)
        {
            return;
        }

        if (_processors == 0)
        {
            _processors = _host.Read().LogicalProcessors;
        }

        _before = (_host.ReadCounters(), _device.ReadThreadWaitSeconds());
    }

    /// <summary>Samples were taken.</summary>
    public void End()
    {
        if (_host is null || _before is not (HostCounters before, var waitsBefore))
        {
            return;
        }

        IReadOnlyList<double>? waits = _device.ReadThreadWaitSeconds();
        HostCounters after = _host.ReadCounters();
        _before = null;
        _seconds += after.Seconds - before.Seconds;
        // What is not known of one turn is not known of the point.
        _waited +=
            waits is not null && waits.Count == waitsBefore?.Count
                ? waits.Zip(waitsBefore, (now, then) => Math.Max(0, now - then)).Max()
                : null;
        _stolen += after.StolenSeconds - before.StolenSeconds;
        double? busy = after.BusySeconds - before.BusySeconds;
        _busy += busy;
        _others += busy - (after.OwnSeconds - before.OwnSeconds);
    }

    /// <summary>What was seen; null where nobody looked.</summary>
    public ProcessorTimeRecord? ToRecord()
    {
        if (_host is null || _seconds <= 0)
        {
            return null;
        }

        return new ProcessorTimeRecord
        {
            WaitingShare = Told(
                _waited / _seconds,
                "schedstat of the step's threads, the most held-up one of each turn"
            ),
            StolenShare = Told(_stolen + _busy > 0 ? _stolen / (_stolen + _busy) : null, "/proc/stat"),
            // Both counters have their own ticks, so that little may come out below nothing.
            OthersShare = Told(
                _others is double others ? Math.Max(0, others) / (_seconds * _processors) : null,
                "/proc/stat less this process's own time"
            ),
        };
    }

    /// <summary>The codes of what a point's processors did, and whether each makes it invalid.</summary>
    public static IEnumerable<(string Code, bool IsInvalid)> Codes(ProcessorTimeRecord? seen)
    {
        if (seen?.WaitingShare.Value is >= NotableWait and double waiting)
        {
            yield return (PointCodes.ThreadsWaited, waiting >= LongestWait);
        }

        if (seen?.StolenShare.Value is >= NotablyStolen and double stolen)
        {
            yield return (PointCodes.TimeStolen, stolen >= MostStolen);
        }

        if (seen?.OthersShare.Value is >= NotableOthers)
        {
            yield return (TelemetryCodes.OtherProcess, false);
        }
    }

    private static Figure Told(double? share, string how) =>
        share is double value ? Figure.Derived(value, how) : Figure.Unavailable("notTold", "the system does not tell");
}
