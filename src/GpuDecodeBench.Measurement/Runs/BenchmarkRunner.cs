using GpuDecodeBench.Backends;
using GpuDecodeBench.Measurement.Sampling;
using GpuDecodeBench.Records;
using GpuDecodeBench.Workload.Models;

namespace GpuDecodeBench.Measurement.Runs;

/// <summary>Measures a grid of points on a device and makes the run record.</summary>
public sealed class BenchmarkRunner(IDecodeDevice device, EnvironmentInfo environment, IRunObserver observer)
{
    /// <summary>Runs.</summary>
    /// <param name="request">What to measure.</param>
    /// <param name="startedUtc">When the run began.</param>
    /// <param name="cancellation">Ends the run; what was measured is kept.</param>
    /// <exception cref="Workload.InputException">The request does not fit the model.</exception>
    /// <exception cref="DeviceUnavailableException">The request does not fit the device.</exception>
    public RunOutcome Run(RunRequest request, DateTimeOffset startedUtc, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(request);
        var planner = new RunPlanner(
            request.Model,
            device.Activations,
            device.AvailableBytes,
            device.Description.LastLevelCacheBytes
        );
        // Before anything is measured: a request that cannot be met costs no time.
        IReadOnlyList<RunGroup> groups = planner.Plan(request.Points, request.Layers);
        double ceilingSeconds = Math.Min(request.Preset.CeilingSeconds, request.MaxSeconds ?? double.MaxValue);
        using var telemetry = new RunTelemetry(request, device.Description);
        telemetry.Begin(observer, cancellation);
        observer.OnProgress(new RunProgress("measuring the ceilings", null, ceilingSeconds, null));
        DeviceCeilings ceilings = device.MeasureCeilings(TimeSpan.FromSeconds(ceilingSeconds), cancellation);
        RunRecord record = telemetry.AddTo(RunRecordHead.Create(request, device, environment, ceilings, startedUtc));
        observer.OnRecord(record);
        if (groups.Count > 1)
        {
            record = AddNote(
                record,
                "The points do not fit in memory together: they were measured one after the other, not interleaved."
            );
        }

        RunOutcome outcome = Measure(request, groups, ceilings, record, telemetry, cancellation);
        telemetry.End();
        RunRecord whole = telemetry.AddTo(outcome.Record);
        observer.OnRecord(whole);
        return outcome with { Record = whole, Trace = telemetry.Trace() };
    }

    private RunOutcome Measure(
        RunRequest request,
        IReadOnlyList<RunGroup> groups,
        DeviceCeilings ceilings,
        RunRecord record,
        RunTelemetry telemetry,
        CancellationToken cancellation
    )
    {
        StoppingRule rule = RuleFor(request);
        var failed = new List<string>();
        var tuning = new RunTuning(device, request);
        int told = 0;
        try
        {
            foreach (RunGroup group in groups)
            {
                using var measurement = new GroupMeasurement(device, request, group, rule, tuning, telemetry, observer);
                foreach (PointMeasurement point in measurement.Run(cancellation))
                {
                    PointRecord built = new PointRecordBuilder(
                        point,
                        device.Description,
                        record.Device.Specification,
                        ceilings.FlopsPerSecond,
                        telemetry
                    ).Build();
                    record = WithPoint(record, request, built) with { Tuning = tuning.Record() };
                    observer.OnRecord(record);
                }

                record = measurement.TrafficNotes.Aggregate(record, AddNote);
                record = AddFailures(record, measurement.FailedChecks);
                failed.AddRange(measurement.FailedChecks);
                record = record with { Tuning = tuning.Record() };
                foreach (string note in tuning.Notes().Skip(told).ToArray())
                {
                    record = AddNote(record, note);
                    told++;
                }

                cancellation.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException)
        {
            record = AddNote(record, "The run was interrupted; it holds the points that had samples by then.");
            observer.OnRecord(record);
            return new RunOutcome(record, Interrupted: true, failed);
        }
        catch (Exception exception)
            when (exception is DeviceFaultException
                || (exception is DeviceUnavailableException && record.Points.Count > 0)
            )
        {
            record = AddNote(
                record,
                $"The run ended early; points that were done by then are kept. {exception.Message}"
            );
            observer.OnRecord(record);
            return new RunOutcome(record, Interrupted: false, failed) { Fault = exception };
        }

        observer.OnRecord(record);
        return new RunOutcome(record, Interrupted: false, failed);
    }

    private RunRecord AddFailures(RunRecord record, IReadOnlyList<string> failures)
    {
        foreach (string failure in failures)
        {
            record = AddNote(record, $"Results differ from the reference: {failure}");
            observer.OnRecord(record);
        }

        return record;
    }

    private static StoppingRule RuleFor(RunRequest request)
    {
        StoppingRule rule = request.Preset.Rule;
        if (request.MaxSeconds is not double limit)
        {
            return rule;
        }

        double perPoint = limit / request.Points.Count;
        return rule with { MaximumSeconds = perPoint, MinimumSeconds = Math.Min(rule.MinimumSeconds, perPoint) };
    }

    /// <summary>Adds a point where the request has it, whatever the order in which points were done.</summary>
    private static RunRecord WithPoint(RunRecord record, RunRequest request, PointRecord point)
    {
        int Order(PointRecord candidate)
        {
            for (int i = 0; i < request.Points.Count; i++)
            {
                PointConditions wanted = request.Points[i];
                if (
                    Workload.Formats.FormatNames.Name(wanted.Weights) == candidate.Weights
                    && Workload.Formats.FormatNames.Name(wanted.Kv) == candidate.Kv
                    && wanted.Batch == candidate.Batch
                    && wanted.ContextTokens == candidate.Context
                )
                {
                    return i;
                }
            }

            return request.Points.Count;
        }

        return record with
        {
            Points = [.. record.Points.Append(point).OrderBy(Order)],
        };
    }

    private RunRecord AddNote(RunRecord record, string note)
    {
        observer.OnNote(note);
        return record with { Notes = [.. record.Notes, note] };
    }
}
