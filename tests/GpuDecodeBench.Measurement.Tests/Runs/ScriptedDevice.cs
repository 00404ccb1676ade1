using GpuDecodeBench.Backends;
using GpuDecodeBench.Backends.Reference;
using GpuDecodeBench.Workload.Formats;
using GpuDecodeBench.Workload.Plans;

namespace GpuDecodeBench.Measurement.Tests.Runs;

/// <summary>
/// A device whose results are the reference's and whose times are what a test says: a step takes as long as
/// <see cref="StepSeconds"/> gives for it, and the log tells in which order things happened.
/// </summary>
internal sealed class ScriptedDevice : IDecodeDevice
{
    private readonly ReferenceDevice _reference = new();

    public Func<DecodeStepPlan, int, double> StepSeconds { get; init; } = (_, _) => 0.05;

    /// <summary>Seconds of an operation in an instrumented step.</summary>
    public Func<PlanOperation, double> OperationSeconds { get; init; } = _ => 0.001;

    public Func<int, double?> CeilingOfPass { get; init; } = _ => 1e9;

    /// <summary>Changes what a traced run shows, to plant a wrong result.</summary>
    public Func<PlanOperation, float[], float[]>? Corrupt { get; init; }

    /// <summary>Host threads that steps run on; null for a device of its own.</summary>
    public int? Threads { get; init; }

    /// <summary>What the threads have waited by now.</summary>
    public Func<IReadOnlyList<double>?> ThreadWaits { get; init; } = () => null;

    /// <summary>Whether steps' times may be the host's in part.</summary>
    public bool TimesMayIncludeHost { get; init; }

    /// <summary>Called before each step with the number of steps so far.</summary>
    public Action<int>? BeforeStep { get; init; }

    public long? AvailableBytes { get; init; } = 1L << 30;

    public long? LastLevelCacheBytes { get; init; } = 1000;

    public List<string> Log { get; } = [];

    public int OpenSessions { get; private set; }

    public int OpenModels { get; private set; }

    private int _steps;
    private int _passes;

    public DeviceDescription Description =>
        new()
        {
            Id = "scripted",
            Name = "scripted device",
            Backend = "scripted",
            LastLevelCacheBytes = LastLevelCacheBytes,
            Threads = Threads,
        };

    public ActivationFormat Activations => ActivationFormat.Fp32;

    public DeviceCeilings MeasureCeilings(TimeSpan limit, CancellationToken cancellation) =>
        new()
        {
            ReadBytesPerSecond = CeilingOfPass(0),
            ReadMethod = "scripted",
            FlopsPerSecond = 1e12,
        };

    public double? ReadOnceBytesPerSecond() => CeilingOfPass(_passes++);

    public IReadOnlyList<double>? ReadThreadWaitSeconds() => ThreadWaits();

    public IDeviceModel LoadModel(
        DecodeStepPlan plan,
        ulong seed,
        IProgress<double>? progress,
        CancellationToken cancellation
    )
    {
        cancellation.ThrowIfCancellationRequested();
        Log.Add($"load {plan.Conditions.Formats.Weights.Name()}");
        OpenModels++;
        return new Model(this, _reference.LoadModel(plan, seed, progress, cancellation));
    }

    public void Dispose() => _reference.Dispose();

    private sealed class Model(ScriptedDevice device, IDeviceModel inner) : IDeviceModel
    {
        public long AllocatedBytes => 1000;

        public ulong Seed => inner.Seed;

        public IDecodeSession OpenSession(DecodeStepPlan plan, StepInputs inputs, CancellationToken cancellation)
        {
            device.OpenSessions++;
            return new Session(device, inner.OpenSession(plan, inputs, cancellation));
        }

        public void Dispose() => device.OpenModels--;
    }

    private sealed class Session(ScriptedDevice device, IDecodeSession inner) : IDecodeSession
    {
        public bool TimesMayIncludeHost => device.TimesMayIncludeHost;

        private int _runs;
        private bool _isPoisoned;

        public DecodeStepPlan Plan => inner.Plan;

        public ulong Seed => inner.Seed;

        public StepInputs Inputs => inner.Inputs;

        public long AllocatedBytes => 500;

        public IReadOnlyList<int>? DistinctExperts => inner.DistinctExperts;

        public double RunStep()
        {
            if (_isPoisoned)
            {
                // A step of the check: it computes, and is none of the script's.
                _isPoisoned = false;
                return inner.RunStep();
            }

            device.BeforeStep?.Invoke(device._steps++);
            device.Log.Add($"step {Plan.Conditions.Formats.Weights.Name()} b{Plan.Conditions.Batch}");
            return device.StepSeconds(Plan, _runs++);
        }

        public double RunStepByOperation(Span<double> operationSeconds)
        {
            double sum = 0;
            foreach (PlanOperation operation in Plan.Operations)
            {
                operationSeconds[operation.Index] = device.OperationSeconds(operation);
                sum += operationSeconds[operation.Index];
            }

            return sum;
        }

        public void RunStepTraced(IStepTrace trace)
        {
            device.Log.Add($"check {Plan.Conditions.Formats.Weights.Name()} b{Plan.Conditions.Batch}");
            inner.RunStepTraced(device.Corrupt is null ? trace : new CorruptingTrace(device.Corrupt, trace));
        }

        public void PoisonStep()
        {
            _isPoisoned = true;
            inner.PoisonStep();
        }

        public void ShowResults(IStepTrace trace) => inner.ShowResults(trace);

        public void Dispose() => device.OpenSessions--;
    }

    private sealed class CorruptingTrace(Func<PlanOperation, float[], float[]> corrupt, IStepTrace inner) : IStepTrace
    {
        public void OnOutput(PlanOperation operation, ReadOnlySpan<float> values) =>
            inner.OnOutput(operation, corrupt(operation, values.ToArray()));

        public void OnKvAppended(
            PlanOperation operation,
            int sequence,
            int head,
            bool isValue,
            ReadOnlySpan<byte> codes,
            ushort scaleBits
        ) => inner.OnKvAppended(operation, sequence, head, isValue, codes, scaleBits);
    }
}
