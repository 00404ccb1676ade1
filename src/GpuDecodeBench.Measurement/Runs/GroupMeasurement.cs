using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Traffic;
using GpuDecodeBench.Backends.Verification;
using GpuDecodeBench.Measurement.Sampling;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Measurement.Runs;

/// <summary>Measures points that are in memory together: loads, checks, then samples them in turns.</summary>
internal sealed class GroupMeasurement(
    IDecodeDevice device,
    RunRequest request,
    RunGroup group,
    StoppingRule rule,
    RunTuning tuning,
    RunTelemetry telemetry,
    IRunObserver observer
) : IDisposable
{
    private readonly Dictionary<(Workload.Formats.WeightFormat, Workload.Formats.WeightFormat), IDeviceModel> _models =
    [];
    private readonly List<PointMeasurement> _points = [];

    /// <summary>Points whose results were wrong, one sentence each.</summary>
    public List<string> FailedChecks { get; } = [];

    /// <summary>What points' kernels read beside their plans, one sentence each, where the device counts.</summary>
    public List<string> TrafficNotes { get; } = [];

    /// <summary>Measures, and gives each point as it is done.</summary>
    /// <exception cref="OperationCanceledException">The user ended the run before the first sample.</exception>
    public IEnumerable<PointMeasurement> Run(CancellationToken cancellation)
    {
        Prepare(cancellation);
        List<PointMeasurement> active = [.. _points];
        for (int round = 0; active.Count > 0 && !cancellation.IsCancellationRequested; round++)
        {
            // Every other round goes backwards, so that no point always follows the same one.
            foreach (PointMeasurement point in round % 2 == 0 ? [.. active] : active.AsEnumerable().Reverse().ToArray())
            {
                telemetry.Turn(point, () => point.TakeTurn(device, cancellation));
                Report(point);
                if (point.State.Reason is StopReason.Converged or StopReason.TimeLimit)
                {
                    active.Remove(point);
                    telemetry.MeasureEnergy(point, observer, cancellation);
                    yield return point;
                }

                if (cancellation.IsCancellationRequested)
                {
                    break;
                }
            }
        }

        foreach (PointMeasurement point in active.Where(point => point.State.Count > 0))
        {
            point.State.Interrupt();
            yield return point;
        }
    }

    public void Dispose()
    {
        foreach (PointMeasurement point in _points)
        {
            point.Session.Dispose();
        }

        foreach (IDeviceModel model in _models.Values)
        {
            model.Dispose();
        }
    }

    private void Prepare(CancellationToken cancellation)
    {
        for (int i = 0; i < group.Points.Count; i++)
        {
            PointConditions conditions = group.Points[i];
            DecodeStepPlan plan = group.Plans[i];
            IDeviceModel model = LoadModel(plan, conditions, cancellation);
            observer.OnProgress(new RunProgress($"filling the KV cache ({conditions.Label})", null, null, null));
            tuning.BeforeSession();
            IDecodeSession session = model.OpenSession(plan, cancellation);
            observer.OnProgress(
                new RunProgress($"checking against the reference ({conditions.Label})", null, null, null)
            );
            StepCheckResult check = TimedStepChecker.Check(session, CheckSelection.Sample);
            if (session.Traffic is { } traffic)
            {
                TrafficNotes.Add($"{conditions.Label}: {TrafficCheck.Sentence(traffic)}");
            }

            if (!check.Passed)
            {
                FailedChecks.Add($"{conditions.Label}: {check.Worst.Failure}; the point was not timed.");
                session.Dispose();
                continue;
            }

            var point = new PointMeasurement(
                conditions,
                session,
                model.AllocatedBytes,
                check,
                rule,
                interleaved: group.Points.Count > 1,
                new ProcessorTime(device, request.Host)
            );
            _points.Add(point);
            if (point.WarmUp(request.Preset.WarmupSteps, cancellation) is double seconds)
            {
                observer.OnProgress(
                    new RunProgress("first look", null, null, $"{conditions.Label}: {seconds * 1e3:0.00} ms a step")
                );
            }
        }
    }

    private IDeviceModel LoadModel(DecodeStepPlan plan, PointConditions conditions, CancellationToken cancellation)
    {
        if (_models.TryGetValue((conditions.Weights, conditions.LmHead), out IDeviceModel? loaded))
        {
            return loaded;
        }

        string stage =
            $"making {plan.Memory.WeightBytes / 1e9:0.0} GB of {Workload.Formats.FormatNames.Name(conditions.Weights)} weights, {plan.Layers} layers";
        observer.OnProgress(new RunProgress(stage, 0, null, null));
        var progress = new StageProgress(observer, stage);
        IDeviceModel model = device.LoadModel(plan, request.Seed, progress, cancellation);
        _models.Add((conditions.Weights, conditions.LmHead), model);
        return model;
    }

    private void Report(PointMeasurement latest)
    {
        double done = _points.Sum(point => point.State.ElapsedSeconds);
        double left = _points.Sum(point => point.State.EstimatedSecondsLeft ?? rule.MaximumSeconds);
        double seconds = latest.LatestTurnSeconds;
        double bandwidth = latest.Plan.Totals.CompulsoryReadBytes / seconds;
        string sensors = telemetry.Now() is string now ? $", {now}" : string.Empty;
        observer.OnProgress(
            new RunProgress(
                $"measuring ({_points.Count(point => point.State.IsDone)} of {_points.Count} points done)",
                done / Math.Max(done + left, double.Epsilon),
                left,
                $"{latest.Conditions.Label}: {seconds * 1e3:0.00} ms a step, {bandwidth / 1e9:0.0} GB/s{sensors}"
            )
        );
    }

    /// <summary>Passes a stage's share on at once; <see cref="Progress{T}"/> would post it to another thread.</summary>
    private sealed class StageProgress(IRunObserver observer, string stage) : IProgress<double>
    {
        public void Report(double value) => observer.OnProgress(new RunProgress(stage, value, null, null));
    }
}
