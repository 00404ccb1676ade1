using System.Diagnostics;
using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Measurement.Sampling;
using GpuDecodeBench.Measurement.Statistics;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Measurement.Runs;

/// <summary>One point while it is being measured: its session, its samples, and the ceiling around them.</summary>
internal sealed class PointMeasurement
{
    /// <summary>A turn takes at least so many steps, and at least so long, before another point has its turn.</summary>
    private const int StepsPerTurn = 4;

    private const double SecondsPerTurn = 0.25;
    private const int CeilingPasses = 2;
    private const double InstrumentedShare = 0.1;

    private readonly List<TurnBandwidth> _turns = [];
    private readonly List<double>[] _operationSeconds;
    private readonly double[] _operationBuffer;
    private double _loopSeconds;
    private double _sampledSeconds;

    public PointMeasurement(
        PointConditions conditions,
        IDecodeSession session,
        long modelBytes,
        StepCheckResult check,
        StoppingRule rule,
        bool interleaved,
        ProcessorTime processors
    )
    {
        Processors = processors;
        Conditions = conditions;
        Session = session;
        Plan = session.DistinctExperts is { } experts ? session.Plan.WithDistinctExperts(experts) : session.Plan;
        AllocatedBytes = modelBytes + session.AllocatedBytes;
        Check = check;
        State = new StoppingState(rule);
        Interleaved = interleaved;
        int operations = session.Plan.Operations.Length;
        _operationBuffer = new double[operations];
        _operationSeconds = [.. Enumerable.Range(0, operations).Select(_ => new List<double>())];
    }

    public PointConditions Conditions { get; }

    public IDecodeSession Session { get; }

    /// <summary>
    /// The session's plan with the experts that its check was seen to read, instead of those expected: every step reads the same.
    /// </summary>
    public DecodeStepPlan Plan { get; }

    public StepCheckResult Check { get; }

    public StoppingState State { get; }

    public bool Interleaved { get; }

    public long AllocatedBytes { get; }

    /// <summary>Each turn's ceiling and what its steps reached; empty where the device has no ceiling.</summary>
    public IReadOnlyList<TurnBandwidth> Turns => _turns;

    /// <summary>Who had the host's processors while the point was sampled.</summary>
    public ProcessorTime Processors { get; }

    /// <summary>What telemetry saw of the point.</summary>
    public PointTelemetryData Telemetry { get; } = new();

    /// <summary>The median step of the latest turn, in seconds; 0 before the first.</summary>
    public double LatestTurnSeconds { get; private set; }

    /// <summary>What the sampling loop itself cost, as a share of the samples' time.</summary>
    public double? HarnessOverheadFraction =>
        _sampledSeconds > 0 ? (_loopSeconds - _sampledSeconds) / _sampledSeconds : null;

    /// <summary>The median time of each of the plan's operations, in seconds.</summary>
    public double[] OperationMedians() => [.. _operationSeconds.Select(OrderStatistics.MedianOf)];

    /// <summary>
    /// Whether the clock saw time pass in one of the plan's operations in most of the steps. A thread that reads the clock and is held up
    /// by the machine may find that the others have done its next operation meanwhile; and a clock may be too coarse.
    /// </summary>
    /// <param name="index">The operation's index in the plan.</param>
    public bool IsOperationTimeKnown(int index) =>
        2 * _operationSeconds[index].Count(seconds => seconds <= 0) < _operationSeconds[index].Count;

    /// <summary>Whether any step was run with its operations timed.</summary>
    public bool HasOperationTimes => _operationSeconds.Any(times => times.Count > 0);

    /// <summary>Runs steps that are not counted.</summary>
    /// <returns>The last one's time in seconds: a first look, not a measurement. Null where none was run.</returns>
    public double? WarmUp(int steps, CancellationToken cancellation)
    {
        double? last = null;
        for (int i = 0; i < steps && !cancellation.IsCancellationRequested; i++)
        {
            last = Session.RunStep();
        }

        return last;
    }

    /// <summary>Takes one turn: the ceiling, some samples, one step with its operations timed.</summary>
    public void TakeTurn(IDecodeDevice device, CancellationToken cancellation)
    {
        double? ceilingBefore = MeasureCeiling(device);
        Processors.Begin();
        long start = Stopwatch.GetTimestamp();
        double sampled = 0;
        int steps = 0;
        int firstSample = State.Count;
        do
        {
            double seconds = Session.RunStep();
            sampled += seconds;
            steps++;
            State.Add(seconds);
        } while (
            !State.IsDone
            && !cancellation.IsCancellationRequested
            && (sampled < SecondsPerTurn || (steps < StepsPerTurn && sampled < 4 * SecondsPerTurn))
        );

        _loopSeconds += Stopwatch.GetElapsedTime(start).TotalSeconds;
        Processors.End();
        _sampledSeconds += sampled;
        LatestTurnSeconds = OrderStatistics.MedianOf(State.SamplesSeconds.Skip(firstSample));
        if (cancellation.IsCancellationRequested)
        {
            State.Interrupt();
            return;
        }

        AddTurn(ceilingBefore, MeasureCeiling(device), LatestTurnSeconds);
        TimeOperations(sampled, cancellation);
    }

    private void AddTurn(double? ceilingBefore, double? ceilingAfter, double stepSeconds)
    {
        if (ceilingBefore is double before && ceilingAfter is double after)
        {
            _turns.Add(new TurnBandwidth(before, after, Plan.Totals.CompulsoryReadBytes / stepSeconds));
        }
    }

    /// <summary>Steps whose operations are timed: one at least, and a tenth of the turn's time where steps are short.</summary>
    private void TimeOperations(double turnSeconds, CancellationToken cancellation)
    {
        double spent = 0;
        do
        {
            spent += Session.RunStepByOperation(_operationBuffer);
            for (int i = 0; i < _operationBuffer.Length; i++)
            {
                _operationSeconds[i].Add(_operationBuffer[i]);
            }
        } while (spent < InstrumentedShare * turnSeconds && !cancellation.IsCancellationRequested);
    }

    private static double? MeasureCeiling(IDecodeDevice device)
    {
        double best = 0;
        for (int i = 0; i < CeilingPasses; i++)
        {
            best = Math.Max(best, device.ReadOnceBytesPerSecond() ?? 0);
        }

        return best > 0 ? best : null;
    }
}
