using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Diagnostics;
using GpuDecodeBench.Measurement.Environment;
using GpuDecodeBench.Measurement.Telemetry;
using GpuDecodeBench.Records;

namespace GpuDecodeBench.Measurement.Doctor;

/// <summary>
/// Examines a device: measures what the chosen checks need, each within its limit, and asks every check. What fails, or comes too
/// late, leaves its checks without a verdict but not the others.
/// </summary>
/// <param name="device">The device; must be an <see cref="IDiagnosableDevice"/> to be measured.</param>
/// <param name="telemetry">Its sensors; null where there are none.</param>
/// <param name="limits">How much of everything.</param>
/// <param name="observer">Follows the examination.</param>
public sealed class DoctorExamination(
    IDecodeDevice device,
    ITelemetrySource? telemetry,
    DoctorLimits limits,
    IDoctorObserver observer
)
{
    private const string MemoryStage = "filling memory and reading it back";

    private static readonly ProbeFailure s_interrupted = new(
        "interrupted",
        "the examination was interrupted",
        IsFault: false
    );

    private readonly Dictionary<DoctorProbes, ProbeFailure> _failures = [];
    private double _start;
    private double _offset;
    private double _largestJump;
    private bool _wasInterrupted;

    /// <summary>The host.</summary>
    public IHostReader Host { get; init; } = new HostReader();

    /// <summary>The clocks.</summary>
    public IDoctorClock Clock { get; init; } = new HostClock();

    /// <summary>
    /// Whether somebody named the checks: those that are not for such a device are then skipped with the reason, and not left out.
    /// </summary>
    public bool ChecksAreNamed { get; init; }

    /// <summary>Examines.</summary>
    /// <param name="checks">What to ask.</param>
    /// <param name="cancellation">Ends it early: what was found is told.</param>
    /// <exception cref="DeviceUnavailableException">The device cannot be examined at all.</exception>
    public DoctorReport Run(IReadOnlyList<IDoctorCheck> checks, CancellationToken cancellation)
    {
        ArgumentNullException.ThrowIfNull(checks);
        if (device is not IDiagnosableDevice diagnosable)
        {
            throw new DeviceUnavailableException(
                $"{device.Description.Name} cannot be examined: it has no hardware of its own. Choose a GPU, the CPU or the emulator."
            );
        }

        _start = Clock.MonotonicSeconds;
        _offset = Clock.WallSeconds - _start;
        DeviceFacts own = diagnosable.ReadFacts();
        DoctorTargets target = own.IsHost ? DoctorTargets.Cpu : DoctorTargets.Gpu;
        DoctorProbes needed = checks.Where(IsForIt).Aggregate(DoctorProbes.None, (all, check) => all | check.Needs);
        var facts = new DoctorFacts
        {
            Device = own,
            Catalogue = own.IsHost ? null : HardwareCatalogue.MatchDevice(own.Name),
            State = telemetry?.ReadState(),
            Capabilities = telemetry?.Capabilities ?? [],
            NoTelemetryReason = telemetry is null ? "noTelemetry" : null,
            Host = Host.Read(),
            ProcessId = System.Environment.ProcessId,
        };
        facts = Measure(facts, diagnosable, needed, cancellation);
        facts = facts with
        {
            Failures = _failures,
            Clock = new ClockObservation(Clock.MonotonicSeconds - _start, _largestJump),
        };
        return new DoctorReport(
            facts,
            [
                .. checks
                    .Where(check => ChecksAreNamed || IsForIt(check))
                    .Select(check => IsForIt(check) ? check.Judge(facts) : OfOtherDevices(check, own.IsHost)),
            ],
            Clock.MonotonicSeconds - _start,
            _wasInterrupted
        );

        bool IsForIt(IDoctorCheck check) => (check.Targets & target) != DoctorTargets.None;
    }

    private static CheckResult OfOtherDevices(IDoctorCheck check, bool isHost) =>
        new()
        {
            Id = check.Id,
            Title = check.Title,
            Verdict = Verdict.Skip,
            Advice = isHost ? "a check of GPUs, and this is a CPU" : "a check of CPUs, and this is a GPU",
            ReasonCode = "otherDevice",
        };

    private DoctorFacts Measure(
        DoctorFacts facts,
        IDiagnosableDevice diagnosable,
        DoctorProbes needed,
        CancellationToken cancellation
    )
    {
        foreach (Step step in Steps(diagnosable, cancellation))
        {
            if ((needed & step.Probe) != DoctorProbes.None)
            {
                facts = Attempt(facts, step, cancellation);
                LookAtClocks();
            }
        }

        return facts;
    }

    /// <summary>Memory first, since most of it must be free; the load last, since it warms the device.</summary>
    private Step[] Steps(IDiagnosableDevice diagnosable, CancellationToken cancellation) =>
        [
            new(
                DoctorProbes.Memory,
                MemoryStage,
                facts =>
                    facts with
                    {
                        Memory = diagnosable.TestMemory(MemoryRequest, new MemoryProgress(observer), cancellation),
                    }
            ),
            new(
                DoctorProbes.ShortKernels,
                "repeating short kernels",
                facts =>
                    facts with
                    {
                        ShortKernelSeconds = diagnosable.TimeShortKernels(
                            limits.ShortKernelCount,
                            limits.ShortKernels,
                            cancellation
                        ),
                    }
            ),
            new(
                DoctorProbes.Ceilings,
                "measuring the ceilings",
                facts => facts with { Ceilings = device.MeasureCeilings(limits.Ceilings, cancellation) }
            ),
            new(
                DoctorProbes.Sweep,
                "looking for the end of the cache",
                facts => facts with { Sweep = diagnosable.SweepReads(limits.Sweep, cancellation) }
            ),
            new(
                DoctorProbes.Copies,
                "copying from and to the host",
                facts => facts with { Copies = diagnosable.CopyHostMemory(limits.Copies, cancellation) }
            ),
            new(DoctorProbes.Load, "working under load", facts => Load(facts, diagnosable, cancellation)),
        ];

    private MemoryTestRequest MemoryRequest =>
        new()
        {
            Share = limits.MemoryShare,
            MaximumBytes = limits.MemoryMaximumBytes,
            Limit = limits.Memory,
        };

    private DoctorFacts Attempt(DoctorFacts facts, Step step, CancellationToken cancellation)
    {
        if (_wasInterrupted || cancellation.IsCancellationRequested)
        {
            _wasInterrupted = true;
            _failures[step.Probe] = s_interrupted;
            return facts;
        }

        if (Clock.MonotonicSeconds - _start > limits.Total.TotalSeconds)
        {
            _failures[step.Probe] = new ProbeFailure("outOfTime", "the time ended before it began", IsFault: false);
            return facts;
        }

        observer.OnProgress(step.Stage, null);
        try
        {
            return step.Measure(facts);
        }
        catch (OperationCanceledException)
        {
            _wasInterrupted = true;
            _failures[step.Probe] = s_interrupted;
        }
        catch (DeviceUnavailableException unavailable)
        {
            _failures[step.Probe] = new ProbeFailure("unavailable", unavailable.Message, IsFault: false);
        }
        catch (DeviceFaultException fault)
        {
            _failures[step.Probe] = new ProbeFailure("deviceFailed", fault.Message, IsFault: true);
        }

        return facts;
    }

    private DoctorFacts Load(DoctorFacts facts, IDiagnosableDevice diagnosable, CancellationToken cancellation)
    {
        HostObservation? host = facts.Host is null ? null : facts.Host with { Before = Host.ReadCounters() };
        DeviceState? underLoad = null;
        List<LoadObservation> phases = [];
        foreach (LoadKind kind in Enum.GetValues<LoadKind>())
        {
            List<TelemetrySample> samples = [];
            double half = limits.Load.TotalSeconds / 4;
            IReadOnlyList<LoadBatch> batches = diagnosable.RunLoad(
                kind,
                limits.Load / 2,
                elapsed =>
                {
                    if (telemetry is not null)
                    {
                        samples.Add(telemetry.Read());
                        // Once, when the device has long left its idle state.
                        underLoad ??= elapsed >= half || facts.Device.IsEmulated ? telemetry.ReadState() : null;
                    }

                    observer.OnProgress(
                        kind == LoadKind.Memory ? "reading under load" : "computing under load",
                        Math.Min(1, elapsed / (limits.Load.TotalSeconds / 2))
                    );
                },
                cancellation
            );
            phases.Add(new LoadObservation(kind, batches, samples));
            LookAtClocks();
        }

        return facts with
        {
            Load = phases,
            StateUnderLoad = underLoad,
            Host = host is null ? null : host with { After = Host.ReadCounters() },
        };
    }

    private void LookAtClocks()
    {
        double offset = Clock.WallSeconds - Clock.MonotonicSeconds;
        double jump = offset - _offset;
        _offset = offset;
        if (Math.Abs(jump) > Math.Abs(_largestJump))
        {
            _largestJump = jump;
        }
    }

    private sealed class MemoryProgress(IDoctorObserver observer) : IProgress<double>
    {
        public void Report(double value) => observer.OnProgress(MemoryStage, value);
    }

    private sealed record Step(DoctorProbes Probe, string Stage, Func<DoctorFacts, DoctorFacts> Measure);
}
